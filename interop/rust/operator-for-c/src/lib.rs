//! Nothing of its own.

pub use dora_operator_api_c::*;
