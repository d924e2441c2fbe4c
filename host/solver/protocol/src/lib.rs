//! What the host and its solver worker say to each other.
//!
//! The worker writes one [`Hello`], then answers each [`Request`] with one [`Reply`], in order, until its input
//! ends. A message is one *frame*: its length in bytes as four big-endian bytes, then that much JSON. Neither side
//! trusts the other: lengths are bounded before anything is allocated, unknown fields are errors, and a reply
//! counts only if it carries the number of the request that is waiting.
//!
//! This crate is the only thing both processes are built from. It knows nothing of Z3 or of processes.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::{self, Read, Write};

/// The version of these messages; both sides must have the same.
pub const PROTOCOL: u32 = 1;

/// The longest request, in bytes of JSON.
pub const LONGEST_REQUEST: usize = 32 << 20;

/// The longest reply, in bytes of JSON. A model that needs more is not an answer anyone can read.
pub const LONGEST_REPLY: usize = 4 << 20;

/// The worker's exit status when Z3 ran out of memory where it cannot recover: Z3's own.
pub const EXIT_OUT_OF_MEMORY: i32 = 101;

/// The worker's exit status on a defect in the worker itself; not 101, which is also Rust's for a panic.
pub const EXIT_DEFECT: i32 = 70;

/// The worker's first message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// [`PROTOCOL`] as the worker knows it.
    pub protocol: u32,
    /// The solver's name: `z3`.
    pub engine: String,
    /// The version of the library that was loaded, as it says itself: `5.4.0.0`.
    pub version: String,
}

/// One question, answered in a context of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Counted by the host; comes back in the reply.
    pub id: u64,
    /// SMT-LIB declarations, definitions and assertions, and nothing else.
    pub script: String,
    /// Terms to evaluate when there is a model.
    pub values: Vec<String>,
    /// What to say of an unsatisfiable script.
    pub core: Core,
    /// Resource units the solver may use, at least 1.
    pub units: u32,
    /// Seconds of processor time after which the system ends the worker. A backstop: the host kills a worker that
    /// takes too long, and its clock is the exact one.
    pub processor_s: u32,
}

/// Whether to say which assertions conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Core {
    /// No.
    Skip,
    /// By their `:named` names.
    Names,
}

/// The answer to one [`Request`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The request's number.
    pub id: u64,
    /// What was found.
    pub outcome: Outcome,
    /// Resource units used.
    pub units: u64,
    /// Time from request to reply, as the worker saw it.
    pub micros: u64,
}

/// What the solver found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase", tag = "answer")]
pub enum Outcome {
    /// No model exists: the solver's result was exactly this.
    Unsat {
        /// Names of assertions that conflict; empty when not asked for or not found.
        core: Vec<String>,
    },
    /// A model exists.
    Sat {
        /// The value of each term asked for, in order, as SMT-LIB text.
        values: Vec<String>,
    },
    /// Nothing is known.
    Unknown {
        /// What stopped the solver.
        why: Why,
    },
}

/// What stopped a solver short of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase", tag = "stopped")]
pub enum Why {
    /// The resource units are used up. The same query stops here again.
    Units,
    /// The memory is used up.
    Memory,
    /// The solver gave up: its procedures are not complete for such a script.
    Incomplete {
        /// Its own words.
        detail: String,
    },
    /// The script or a term to evaluate is not what it should be.
    Malformed {
        /// What is wrong, and where.
        detail: String,
    },
    /// There was a model whose values do not fit in a reply.
    TooLong,
}

/// Why a frame could not be read.
#[derive(Debug)]
pub enum FrameError {
    /// The other side closed the connection, between frames or within one.
    Closed,
    /// The announced length is over the bound.
    TooLong {
        /// As announced, in bytes.
        length: usize,
    },
    /// The bytes are not the message expected.
    Garbled(serde_json::Error),
    /// The connection failed, or its time-out passed.
    Io(io::Error),
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FrameError::Closed => write!(f, "the connection was closed"),
            FrameError::TooLong { length } => write!(f, "a message of {length} bytes is too long"),
            FrameError::Garbled(error) => write!(f, "not a message of this protocol: {error}"),
            FrameError::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for FrameError {}

impl From<io::Error> for FrameError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => FrameError::Closed,
            _ => FrameError::Io(error),
        }
    }
}

/// Reads one message of at most `longest` bytes.
pub fn read_frame<T: DeserializeOwned>(from: &mut impl Read, longest: usize) -> Result<T, FrameError> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > longest {
        return Err(FrameError::TooLong { length });
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes)?;
    serde_json::from_slice(&bytes).map_err(FrameError::Garbled)
}

/// Writes one message in one piece; `InvalidInput` when it is over `longest` bytes, and then nothing was written.
pub fn write_frame(to: &mut impl Write, message: &impl Serialize, longest: usize) -> io::Result<()> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, message)?;
    let length = frame.len() - 4;
    let too_long =
        || io::Error::new(io::ErrorKind::InvalidInput, format!("{length} bytes do not fit in a frame"));
    let prefix = u32::try_from(length).map_err(|_| too_long())?;
    if length > longest {
        return Err(too_long());
    }
    frame.splice(..4, prefix.to_be_bytes());
    to.write_all(&frame)?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            id: 7,
            script: "(assert true)\n; \u{1F600}".into(),
            values: vec!["v0".into()],
            core: Core::Names,
            units: 5,
            processor_s: 6,
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let mut wire = Vec::new();
        write_frame(&mut wire, &request(), LONGEST_REQUEST).unwrap();
        write_frame(&mut wire, &request(), LONGEST_REQUEST).unwrap();
        let mut wire = wire.as_slice();
        assert_eq!(read_frame::<Request>(&mut wire, LONGEST_REQUEST).unwrap(), request());
        assert_eq!(read_frame::<Request>(&mut wire, LONGEST_REQUEST).unwrap(), request());
        assert!(matches!(read_frame::<Request>(&mut wire, LONGEST_REQUEST), Err(FrameError::Closed)));
    }

    #[test]
    fn a_frame_cut_anywhere_is_closed() {
        let mut wire = Vec::new();
        write_frame(&mut wire, &request(), LONGEST_REQUEST).unwrap();
        for end in 0..wire.len() {
            let result = read_frame::<Request>(&mut &wire[..end], LONGEST_REQUEST);
            assert!(matches!(result, Err(FrameError::Closed)), "cut at {end}: {result:?}");
        }
    }

    #[test]
    fn a_length_over_the_bound_is_refused_before_anything_is_read() {
        let wire = [0xff, 0xff, 0xff, 0xff, b'{'];
        let result = read_frame::<Reply>(&mut wire.as_slice(), LONGEST_REPLY);
        assert!(matches!(result, Err(FrameError::TooLong { length: 0xffff_ffff })));
        let mut wire = Vec::new();
        assert!(write_frame(&mut wire, &request(), 10).is_err());
        assert!(wire.is_empty());
    }

    #[test]
    fn an_answer_with_anything_extra_is_garbled() {
        for text in [
            r#"{"id":1,"outcome":{"answer":"unsat","core":[]},"units":1,"micros":1,"more":1}"#,
            r#"{"id":1,"outcome":{"answer":"unsat","core":[],"why":1},"units":1,"micros":1}"#,
            r#"{"id":1,"outcome":{"answer":"unsat"},"units":1,"micros":1}"#,
            r#"{"id":1,"outcome":{"answer":"UNSAT","core":[]},"units":1,"micros":1}"#,
            r#"{"id":1,"outcome":"unsat","units":1,"micros":1}"#,
            r#"{"id":1,"outcome":{"answer":"unsat","core":[]},"units":1,"micros":1} unsat"#,
            "unsat",
        ] {
            let mut wire = (text.len() as u32).to_be_bytes().to_vec();
            wire.extend(text.as_bytes());
            let result = read_frame::<Reply>(&mut wire.as_slice(), LONGEST_REPLY);
            assert!(matches!(result, Err(FrameError::Garbled(_))), "{text}: {result:?}");
        }
    }
}
