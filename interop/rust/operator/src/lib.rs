//! Stands for the operator of dora's example of this name: says which random value came, and after how many ticks.

use dora_operator_api::{DoraOperator, DoraOutputSender, DoraStatus, Event, IntoArrow, register_operator};

register_operator!(Operator);

#[derive(Default)]
struct Operator {
    ticks: u64,
}

impl DoraOperator for Operator {
    fn on_event(&mut self, event: &Event, output: &mut DoraOutputSender) -> Result<DoraStatus, String> {
        match event {
            Event::Input { id: "tick", .. } => self.ticks += 1,
            Event::Input { id: "random", data, .. } => {
                let random = u64::try_from(data).map_err(|error| format!("the input 'random' is no number: {error}"))?;
                output.send("status", format!("operator received random value {random:#x} after {} ticks", self.ticks).into_arrow())?;
            }
            Event::Input { id, .. } => return Err(format!("there is no input '{id}'")),
            Event::InputClosed { id: "random" } => return Ok(DoraStatus::Stop),
            _ => {}
        }
        Ok(DoraStatus::Continue)
    }
}
