//! Numbers beside the whole ones: exact fractions, and the floating-point numbers of IEEE 754.
//!
//! Promises: a [`Rational`] is exact and in lowest terms, so equal ones have equal parts; a [`Float`] has one NaN.
//! Both are read from the decimals that authors write and printed as decimals that read back as the same number.
//! Must not: bound how large a fraction grows, which is for those who compute with it.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};
use std::cmp::Ordering;
use std::fmt;

/// Decimals with more digits than this are printed as a division.
const MOST_DECIMALS: u32 = 30;

/// An exact fraction: in lowest terms, the denominator above 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rational {
    numerator: BigInt,
    denominator: BigInt,
}

impl Rational {
    /// `numerator / denominator`; `None` when that is a division by 0.
    pub fn new(numerator: BigInt, denominator: BigInt) -> Option<Self> {
        if denominator.is_zero() {
            return None;
        }
        let common = numerator.gcd(&denominator);
        let common = if denominator.is_negative() { -common } else { common };
        Some(Rational { numerator: numerator / &common, denominator: denominator / common })
    }

    /// A decimal as authors write it, without underscores: digits, a point, digits, perhaps an exponent.
    pub fn read(decimal: &str) -> Option<Self> {
        let (digits, exponent) = decimal.split_once(['e', 'E']).unwrap_or((decimal, "0"));
        let (whole, fraction) = digits.split_once('.')?;
        let exponent = exponent.parse::<i64>().ok()? - i64::try_from(fraction.len()).ok()?;
        let number: BigInt = format!("{whole}{fraction}").parse().ok()?;
        let power = BigInt::from(10).pow(u32::try_from(exponent.unsigned_abs()).ok()?);
        match exponent < 0 {
            true => Rational::new(number, power),
            false => Some((number * power).into()),
        }
    }

    /// Above the line.
    pub fn numerator(&self) -> &BigInt {
        &self.numerator
    }

    /// Below the line, never 0 or less.
    pub fn denominator(&self) -> &BigInt {
        &self.denominator
    }

    /// How many bits its two parts take.
    pub fn bits(&self) -> u64 {
        self.numerator.bits() + self.denominator.bits()
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        self.numerator.is_zero()
    }

    /// Whether it is below 0.
    pub fn is_negative(&self) -> bool {
        self.numerator.is_negative()
    }

    /// `self + other`
    pub fn plus(&self, other: &Self) -> Self {
        let numerator = &self.numerator * &other.denominator + &other.numerator * &self.denominator;
        Rational::reduced(numerator, &self.denominator * &other.denominator)
    }

    /// `self - other`
    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    /// `self * other`
    pub fn times(&self, other: &Self) -> Self {
        Rational::reduced(&self.numerator * &other.numerator, &self.denominator * &other.denominator)
    }

    /// `self / other`; `None` when that is a division by 0.
    pub fn over(&self, other: &Self) -> Option<Self> {
        Rational::new(&self.numerator * &other.denominator, &self.denominator * &other.numerator)
    }

    /// `-self`
    pub fn negated(&self) -> Self {
        Rational { numerator: -&self.numerator, denominator: self.denominator.clone() }
    }

    /// The greatest whole number that is not above it.
    pub fn floor(&self) -> BigInt {
        self.numerator.div_floor(&self.denominator)
    }

    /// The denominator is a product of denominators, so above 0.
    fn reduced(numerator: BigInt, denominator: BigInt) -> Self {
        let common = numerator.gcd(&denominator);
        Rational { numerator: numerator / &common, denominator: denominator / common }
    }

    /// The nearest floating-point number, the even one of two that are as near; infinite when it is beyond them all.
    pub fn to_float(&self) -> Float {
        if self.is_zero() {
            return Float::new(0.0);
        }
        let (numerator, sign) = (self.numerator.abs(), u64::from(self.is_negative()) << 63);
        // 2^power <= |self| < 2^(power + 1)
        let bits = |n: &BigInt| i64::try_from(n.bits()).unwrap_or(i64::MAX / 4);
        let mut power = bits(&numerator) - bits(&self.denominator);
        if Rational::scaled(&numerator, &self.denominator, -power).0 < BigInt::one() {
            power -= 1;
        }
        if power > 1_023 {
            return Float(sign | f64::INFINITY.to_bits());
        }
        // The last place of a number of that size; numbers below the normal ones share theirs.
        let place = (power - 52).max(-1_074);
        let (mut whole, rest, divisor) = Rational::scaled(&numerator, &self.denominator, -place);
        match (rest * 2u8).cmp(&divisor) {
            Ordering::Greater => whole += 1u8,
            Ordering::Equal if whole.is_odd() => whole += 1u8,
            _ => {}
        }
        // A mantissa without its leading bit, and the exponent above it: a carry is right by itself.
        let mantissa = whole.to_u64().unwrap_or(u64::MAX >> 11);
        let above = u64::try_from(place + 1_074).unwrap_or(0) << 52;
        Float(sign | (above + mantissa))
    }

    /// `numerator * 2^shift / denominator` as a whole number, what is left over, and of what.
    fn scaled(numerator: &BigInt, denominator: &BigInt, shift: i64) -> (BigInt, BigInt, BigInt) {
        let by = usize::try_from(shift.unsigned_abs()).unwrap_or(usize::MAX);
        let (numerator, divisor) = match shift < 0 {
            true => (numerator.clone(), denominator << by),
            false => (numerator << by, denominator.clone()),
        };
        let (whole, rest) = numerator.div_rem(&divisor);
        (whole, rest, divisor)
    }

    /// The decimal of a number that is not negative; `None` when it has no end, or a far one.
    pub fn decimal(&self) -> Option<String> {
        let mut places = 0;
        let mut power = BigInt::one();
        while !power.is_multiple_of(&self.denominator) {
            places += 1;
            power *= 10u8;
            if places > MOST_DECIMALS {
                return None;
            }
        }
        let digits = (&self.numerator * power / &self.denominator).to_string();
        let places = places as usize;
        let digits = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        Some(format!("{whole}.{}", if fraction.is_empty() { "0" } else { fraction }))
    }
}

impl From<BigInt> for Rational {
    fn from(whole: BigInt) -> Self {
        Rational { numerator: whole, denominator: BigInt::one() }
    }
}

impl From<i64> for Rational {
    fn from(whole: i64) -> Self {
        BigInt::from(whole).into()
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.numerator * &other.denominator).cmp(&(&other.numerator * &self.denominator))
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As an author writes it: `1.5`, `-0.25`, `1.0 / 3.0`.
impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = Rational { numerator: self.numerator.abs(), denominator: self.denominator.clone() };
        let sign = if self.is_negative() { "-" } else { "" };
        match size.decimal() {
            Some(decimal) => write!(f, "{sign}{decimal}"),
            None => write!(f, "{sign}{}.0 / {}.0", size.numerator, size.denominator),
        }
    }
}

/// A floating-point number of 64 bits. Equal as Rust sees it means the same number: NaN is itself, and `0.0` is not
/// `-0.0`. What `==` of the language means is [`Float::get`]'s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Float(u64);

impl Float {
    /// The number; of the many NaN there is one.
    pub fn new(number: f64) -> Self {
        Float(if number.is_nan() { f64::NAN.to_bits() } else { number.to_bits() })
    }

    /// The number.
    pub fn get(self) -> f64 {
        f64::from_bits(self.0)
    }

    /// Sign, exponent and mantissa, as IEEE 754 lays them out.
    pub fn bits(self) -> u64 {
        self.0
    }

    /// A decimal as authors write it, without the `f` at its end.
    pub fn read(decimal: &str) -> Option<Self> {
        Rational::read(decimal).map(|number| number.to_float())
    }

    /// The fraction it is; `None` for what is infinite or no number.
    pub fn to_rational(self) -> Option<Rational> {
        let number = self.get();
        if !number.is_finite() {
            return None;
        }
        let (exponent, mantissa) = ((self.0 >> 52) & 0x7ff, self.0 & ((1 << 52) - 1));
        let (mantissa, place) = match exponent {
            0 => (mantissa, 0),
            _ => (mantissa | (1 << 52), exponent - 1),
        };
        let size = BigInt::from(mantissa) << place;
        let size = if self.0 >> 63 == 1 { -size } else { size };
        Rational::new(size, BigInt::one() << 1_074u32)
    }

    /// An order of all of them, for sets and maps: from below to above, `-0.0` before `0.0`, NaN last.
    pub fn order(self, other: Self) -> Ordering {
        self.get().total_cmp(&other.get())
    }

    /// The shortest decimal of a finite number that is not negative, with the `f` at its end.
    pub fn decimal(self) -> String {
        let written = serde_json::Number::from_f64(self.get()).map(|number| number.to_string());
        let written = written.unwrap_or_else(|| "0.0".to_owned()).replace('+', "");
        match written.split_once('e') {
            Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{exponent}f"),
            _ => format!("{written}f"),
        }
    }
}

/// As an author writes it: `1.5f`, `-0.0f`, `nan()`, `-infinity()`.
impl fmt::Display for Float {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.get();
        let sign = if number.is_sign_negative() { "-" } else { "" };
        match number {
            _ if number.is_nan() => f.write_str("nan()"),
            _ if number.is_infinite() => write!(f, "{sign}infinity()"),
            _ => write!(f, "{sign}{}", Float::new(number.abs()).decimal()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    fn word(dice: &mut Dice) -> u64 {
        ((dice.roll(1 << 32) as u64) << 32) | dice.roll(1 << 32) as u64
    }

    fn half() -> Rational {
        Rational::new(1.into(), 2.into()).unwrap()
    }

    #[test]
    fn fractions_are_in_lowest_terms_and_exact() {
        let third = Rational::new((-2).into(), (-6).into()).unwrap();
        assert_eq!(third, Rational::new(1.into(), 3.into()).unwrap());
        assert_eq!(third.plus(&third).plus(&third), 1.into());
        assert_eq!(half().minus(&third).to_string(), "1.0 / 6.0");
        assert_eq!(half().negated().floor(), (-1).into());
        assert!(half().over(&0.into()).is_none());
        assert!(third < half() && half().negated() < third);
    }

    #[test]
    fn decimals_read_back() {
        for text in ["0.0", "1.5", "-0.25", "100.0", "0.001", "-1.0 / 3.0"] {
            let (sign, size) = text.strip_prefix('-').map_or(("", text), |size| ("-", size));
            let read = match size.split_once(" / ") {
                Some((a, b)) => Rational::read(a).unwrap().over(&Rational::read(b).unwrap()).unwrap(),
                None => Rational::read(size).unwrap(),
            };
            let read = if sign.is_empty() { read } else { read.negated() };
            assert_eq!(read.to_string(), text);
        }
        assert_eq!(Rational::read("2.5e3"), Some(2_500.into()));
        assert_eq!(Rational::read("2.5e-1").unwrap().to_string(), "0.25");
    }

    #[test]
    fn a_fraction_becomes_the_nearest_float() {
        let mut dice = Dice(7);
        let mut seen = 0;
        for round in 0..40_000 {
            let bits = word(&mut dice);
            let number = match round % 4 {
                0 => f64::from_bits(bits),
                1 => f64::from_bits(bits & 0x800f_ffff_ffff_ffff),
                2 => bits as f64,
                _ => (bits as f64) / (word(&mut dice) as f64 + 1.0),
            };
            let float = Float::new(number);
            let Some(exact) = float.to_rational() else { continue };
            seen += 1;
            // All but the sign of zero comes back.
            assert_eq!(exact.to_float().get(), number);
            // Halfway to the next one is the even one of the two.
            let next = Float(float.0 + 1);
            if let Some(above) = next.to_rational().filter(|_| float.0 & (1 << 63) == 0) {
                let middle = exact.plus(&above).times(&half());
                let even = if float.0 & 1 == 0 { float } else { next };
                assert_eq!(middle.to_float(), even, "{number:e}");
                let more = middle.plus(&Rational::new(1.into(), BigInt::one() << 1_200u32).unwrap());
                assert_eq!(more.to_float(), next);
            }
            // What Rust prints and reads is what is printed and read here.
            let text = float.to_string();
            let size = text.trim_start_matches('-').trim_end_matches('f');
            assert_eq!(Float::read(size), Some(Float::new(number.abs())), "{text}");
            assert_eq!(size.parse::<f64>().unwrap().to_bits(), number.abs().to_bits());
        }
        assert!(seen > 30_000);
        let huge = Rational::from(BigInt::one() << 1_024u32);
        assert_eq!(huge.to_float().get(), f64::INFINITY);
        assert_eq!(huge.negated().to_float().get(), f64::NEG_INFINITY);
        let below = Rational::from((BigInt::one() << 1_024u32) - (BigInt::one() << 970u32) - 1);
        assert_eq!(below.to_float().get(), f64::MAX);
    }

    #[test]
    fn floats_print_as_they_are_written() {
        let shown = |number: f64| Float::new(number).to_string();
        assert_eq!(shown(1.5), "1.5f");
        assert_eq!(shown(-0.0), "-0.0f");
        assert_eq!(shown(1e300), "1.0e300f");
        assert_eq!(shown(2.5e-9), "2.5e-9f");
        assert_eq!(shown(f64::NEG_INFINITY), "-infinity()");
        assert_eq!(shown(-f64::NAN), "nan()");
    }
}
