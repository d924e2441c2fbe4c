//! Offsets as editors count them: the language server protocol and editors in browsers use UTF-16 code units.

/// Converts byte offsets of one text into UTF-16 offsets and back. Built once per text; an ASCII text costs nothing,
/// any other one entry for each character beyond ASCII, and lookups are logarithmic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Utf16Index {
    /// After each character beyond ASCII: its end in bytes and in units.
    ends: Vec<(u32, u32)>,
}

impl Utf16Index {
    /// Reads `text` once.
    pub fn new(text: &str) -> Self {
        let mut ends = Vec::new();
        // How many units fewer than bytes there are so far.
        let mut fewer = 0;
        for (start, character) in text.char_indices().filter(|(_, character)| !character.is_ascii()) {
            let end = (start + character.len_utf8()) as u32;
            fewer += (character.len_utf8() - character.len_utf16()) as u32;
            ends.push((end, end - fewer));
        }
        Utf16Index { ends }
    }

    /// The UTF-16 offset of byte `offset`, which must be a character boundary.
    pub fn units(&self, offset: u32) -> u32 {
        let behind = self.ends.partition_point(|(bytes, _)| *bytes <= offset);
        match behind.checked_sub(1).and_then(|last| self.ends.get(last)) {
            Some((bytes, units)) => units + (offset - bytes),
            None => offset,
        }
    }

    /// The byte offset of a UTF-16 offset, which must be a character boundary.
    pub fn bytes(&self, units: u32) -> u32 {
        let behind = self.ends.partition_point(|(_, end)| *end <= units);
        match behind.checked_sub(1).and_then(|last| self.ends.get(last)) {
            Some((bytes, end)) => bytes + (units - end),
            None => units,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_encode_utf16_at_every_boundary() {
        for text in ["", "plain", "é", "a∀b", "𝒳", "x𝒳é∀y\nλ", "∀∀∀", "end🙂"] {
            let index = Utf16Index::new(text);
            let boundaries = text.char_indices().map(|(offset, _)| offset).chain([text.len()]);
            for offset in boundaries {
                let expected = text[..offset].encode_utf16().count() as u32;
                assert_eq!(index.units(offset as u32), expected, "byte {offset} of {text:?}");
                assert_eq!(index.bytes(expected), offset as u32, "unit {expected} of {text:?}");
            }
        }
    }
}
