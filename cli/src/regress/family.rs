use std::ffi::OsStr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, Error};
use proofsketch::sketch::SketchFamily;

/// Reads the name of a family of sketches; one that is mistyped is refused with the name that was meant.
#[derive(Clone, Debug)]
pub struct FamilyParser;

impl TypedValueParser for FamilyParser {
    type Value = SketchFamily;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, text: &OsStr) -> Result<SketchFamily, Error> {
        if let Some(family) = text.to_str().and_then(|text| text.parse().ok()) {
            return Ok(family);
        }
        let known = PossibleValuesParser::new(SketchFamily::KNOWN.split(", "));
        let refused = known.parse_ref(command, arg, text).err();
        Err(refused.unwrap_or_else(|| Error::new(ErrorKind::InvalidValue).with_cmd(command)))
    }
}
