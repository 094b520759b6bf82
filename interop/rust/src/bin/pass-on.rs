//! Sends what comes in on 'in' out on 'out' as it is: value and parameters.

use dora_node_api::{DoraNode, Event, dora_core::config::DataId};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let (mut node, mut events) = DoraNode::init_from_env()?;
    let out = DataId::from("out".to_owned());
    while let Some(event) = events.recv() {
        if let Event::Input { metadata, data, .. } = event {
            node.send_output(out.clone(), metadata.parameters, data)?;
        }
    }
    Ok(())
}
