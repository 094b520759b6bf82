//! Stands for the sink of dora's example of this name: prints each message, and fails if one has another form than the operator's.

use dora_node_api::{DoraNode, Event};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let (_node, mut events) = DoraNode::init_from_env()?;
    while let Some(event) = events.recv() {
        if let Event::Input { id, data, .. } = event {
            let message: &str = TryFrom::try_from(&data)?;
            println!("sink received {id}: {message}");
            if !message.starts_with("operator received random value ") || !message.ends_with(" ticks") {
                return Err(format!("this is not what the operator says: '{message}'").into());
            }
        }
    }
    Ok(())
}
