package io.millrace.local.isolated;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * The other connection of a node's JVM: takes what the node logs, from any thread, and brings what cannot wait until the node asks. Its own thread, which keeps nothing
 * alive, reads.
 */
final class Records implements Runnable {
    private static final int MAX_TEXT = 1 << 20;

    private final ParentLink link;
    private final Conversation conversation;
    private final Thread nodeThread;
    private final Packet out = new Packet(); // guarded by this

    Records(ParentLink link, Conversation conversation, Thread nodeThread) {
        this.link = link;
        this.conversation = conversation;
        this.nodeThread = nodeThread;
    }

    /** Once. */
    void start() throws IOException {
        synchronized (this) {
            link.send(out.clear().put(Ask.RECORDS.code()).putShort(0));
        }
        Thread thread = new Thread(this, "millrace-signals");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (true) {
                PacketReader in = link.receive();
                Answer answer = Answer.of(in.u8());
                if (answer == Answer.INTERRUPT) {
                    interrupt();
                } else if (answer == Answer.STOPPING) {
                    conversation.setStopping();
                }
            }
        } catch (IOException theOtherJvmIsGone) {
            return; // which the node's thread finds out by itself
        }
    }

    /** Says first where the thread stands: whoever has it interrupted wants to know, and sees only its own JVM. */
    private void interrupt() {
        Exception here = new Exception("thread '" + nodeThread.getName() + "'");
        here.setStackTrace(nodeThread.getStackTrace());
        log(0, Level.INFO, "the node is interrupted here", Optional.of(Thrown.of(here)));
        nodeThread.interrupt();
    }

    /**
     * Any thread; waits for nothing but the connection. What the node's own thread logs goes where its calls go, and so is logged before whatever it does next has an
     * effect on others.
     */
    void log(int slot, Level level, String message, Optional<Thrown> thrown) {
        String text = message.length() <= MAX_TEXT ? message : message.substring(0, MAX_TEXT) + "...";
        if (Thread.currentThread() == nodeThread) {
            put(conversation.begin(Ask.LOG, slot), level, text, thrown);
            conversation.tell();
            return;
        }
        synchronized (this) {
            put(out.clear().put(Ask.LOG.code()).putShort(slot), level, text, thrown);
            try {
                link.send(out);
            } catch (IOException theOtherJvmIsGone) {
                return; // and with it whoever would read it
            }
        }
    }

    private static void put(Packet to, Level level, String text, Optional<Thrown> thrown) {
        to.putInt(level.toInt()).putText(text).putFlag(thrown.isPresent());
        thrown.ifPresent(each -> each.put(to));
    }
}
