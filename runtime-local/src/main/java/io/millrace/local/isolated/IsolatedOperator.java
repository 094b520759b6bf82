package io.millrace.local.isolated;

import io.millrace.local.code.EndsItself;
import io.millrace.node.Batch;
import io.millrace.node.Input;
import io.millrace.node.Message;
import io.millrace.node.NodeContext;
import io.millrace.node.NodeFailure;
import io.millrace.node.Operator;
import org.jspecify.annotations.Nullable;

/** An operator whose code runs in another JVM: each callback is a call there. */
final class IsolatedOperator implements Operator, EndsItself {
    private final IsolatedNode.Incarnation incarnation;
    private final int slot;
    private @Nullable ChildJvm jvm;
    private boolean takesOneByOne;
    private boolean hasEnded;

    IsolatedOperator(IsolatedNode.Incarnation incarnation, int slot) {
        this.incarnation = incarnation;
        this.slot = slot;
    }

    private ChildJvm jvm() {
        if (jvm == null) {
            throw new IllegalStateException("an operator is called after it was closed");
        }
        return jvm;
    }

    @Override
    public void open(NodeContext context) throws Exception {
        jvm = incarnation.jvm(context);
        takesOneByOne = incarnation.open(slot, context, true);
    }

    @Override
    public void onBatch(Input input, Batch batch) throws Exception {
        ChildJvm called = jvm();
        Service service = called.service(slot);
        if (takesOneByOne) {
            for (@Nullable Message message = next(batch); message != null; message = next(batch)) {
                service.putMessage(called.begin(Call.INPUT, slot).putShort(input.index()), message);
                finish();
            }
            return;
        }
        service.setBatch(batch);
        try {
            called.begin(Call.BATCH, slot).putShort(input.index());
            finish();
        } finally {
            service.setBatch(null);
        }
    }

    @Override
    public void onInputClosed(Input input) throws Exception {
        jvm().begin(Call.INPUT_CLOSED, slot).putShort(input.index());
        finish();
    }

    @Override
    public void onInputRecovered(Input input) throws Exception {
        jvm().begin(Call.INPUT_RECOVERED, slot).putShort(input.index());
        finish();
    }

    @Override
    public void onAllInputsClosed() throws Exception {
        jvm().begin(Call.ALL_INPUTS_CLOSED, slot);
        finish();
    }

    @Override
    public void onNodeFailed(NodeFailure failure) throws Exception {
        Service.putFailure(jvm().begin(Call.NODE_FAILED, slot), failure);
        finish();
    }

    @Override
    public void onNodeRestarted(String node) throws Exception {
        jvm().begin(Call.NODE_RESTARTED, slot).putText(node);
        finish();
    }

    @Override
    public void onStop() throws Exception {
        jvm().begin(Call.STOP, slot);
        finish();
    }

    private @Nullable Message next(Batch batch) {
        return hasEnded ? null : batch.next();
    }

    private void finish() throws Exception {
        hasEnded |= jvm().finish();
    }

    @Override
    public boolean hasEnded() {
        return hasEnded;
    }

    @Override
    public void close() throws Exception {
        incarnation.close(slot);
        jvm = null;
    }
}
