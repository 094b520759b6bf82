"""An ordinary Python operator of dora: sends on what it gets."""

from dora import DoraStatus


class Operator:
    def on_event(self, dora_event, send_output):
        print("operator saw", dora_event["type"], dora_event.get("id"), flush=True)
        if dora_event["type"] == "INPUT":
            send_output("out", dora_event["value"], dora_event["metadata"])
        return DoraStatus.CONTINUE
