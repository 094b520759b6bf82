"""Says what dora's example operator says: which random value came, and after how many ticks."""

from dora import DoraStatus
import pyarrow as pa


class Operator:
    def __init__(self):
        self.ticks = 0

    def on_event(self, event, send_output):
        if event["type"] == "INPUT" and event["id"] == "tick":
            self.ticks += 1
        elif event["type"] == "INPUT" and event["id"] == "random":
            send_output("status", pa.array([f"operator received random value {event['value'][0].as_py():#x} after {self.ticks} ticks"]))
        elif event["type"] == "INPUT_CLOSED" and event["id"] == "random":
            return DoraStatus.STOP
        return DoraStatus.CONTINUE
