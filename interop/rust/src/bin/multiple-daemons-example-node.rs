//! Stands for the node of dora's example of this name: a random number with each of a hundred ticks.

use dora_node_api::{DoraNode, Event, IntoArrow, dora_core::config::DataId};
use std::{
    collections::hash_map::RandomState,
    error::Error,
    hash::{BuildHasher, Hasher},
};

fn main() -> Result<(), Box<dyn Error>> {
    let (mut node, mut events) = DoraNode::init_from_env()?;
    let output = DataId::from("random".to_owned());
    let mut sent = 0;
    while sent < 100 {
        match events.recv() {
            Some(Event::Input { id, metadata, .. }) if id.as_str() == "tick" => {
                let random: u64 = RandomState::new().build_hasher().finish();
                node.send_output(output.clone(), metadata.parameters, random.into_arrow())?;
                sent += 1;
            }
            Some(_) => {}
            None => break,
        }
    }
    Ok(())
}
