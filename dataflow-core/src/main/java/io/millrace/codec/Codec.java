package io.millrace.codec;

import io.millrace.node.Claim;
import io.millrace.node.Message;
import io.millrace.node.Output;
import io.millrace.node.Parameters;
import io.millrace.node.PayloadFormat;
import io.millrace.node.SendResult;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How values of one type are laid out in payloads. Has no state that changes: any thread may use it, and one instance serves a whole application.
 *
 * <pre>{@code
 * private static final Codec<Position> POSITION = Codecs.ofRecord(Position.class);
 * ...
 * POSITION.send(output, position);                 // in the node that has one
 * Position position = POSITION.read(message);      // in the node that wants one
 * }</pre>
 *
 * <p>A codec's id travels with each message as its payload format. Whoever reads with a codec of another id gets a {@link CodecException} that names both.
 * The ids:
 *
 * <pre>
 *        0 to    255   the payload formats: bytes, UTF-8, JSON, Arrow IPC
 *      256 to 16,383   codecs of Millrace
 *   16,384 to 32,767   codecs of applications: they choose one, which all nodes of a dataflow know alike
 *   32,768 to 65,535   records: made from the record's name and components
 * </pre>
 *
 * <p>To write a codec, extend this class: {@link #length}, {@link #put} and {@link #get} are all it takes. None of them may keep what it was handed.
 *
 * @param <T> the type of the values, which are never null
 */
public abstract class Codec<T> {
    /** The lowest id of an application's codec. */
    public static final int FIRST_OWN_ID = 0x4000;

    /** The highest id of an application's codec. */
    public static final int LAST_OWN_ID = 0x7FFF;

    private final int id;
    private final String name;

    /**
     * A codec of an application.
     *
     * @param id from {@link #FIRST_OWN_ID} to {@link #LAST_OWN_ID}
     * @param name what it reads and writes, as it stands in messages: {@code an order}
     */
    protected Codec(int id, String name) {
        this(name, id);
        if (id < FIRST_OWN_ID || id > LAST_OWN_ID) {
            throw new IllegalArgumentException("the id of codec '" + name + "' must be within " + FIRST_OWN_ID + " to "
                    + LAST_OWN_ID + ", which are an application's own, found " + id);
        }
    }

    /** A codec of one of the formats that everybody knows, whose number is its id. */
    protected Codec(PayloadFormat format, String name) {
        this(name, format.code());
    }

    /** A codec of Millrace: the other order of parameters keeps it apart from an application's. */
    Codec(String name, int id) {
        this.id = id;
        this.name = Objects.requireNonNull(name, "name");
    }

    /** What travels with each message: {@link Message#formatCode()}. */
    public final int id() {
        return id;
    }

    /** What it reads and writes, in words. */
    public final String name() {
        return name;
    }

    /**
     * How many bytes the value takes.
     *
     * @throws IllegalArgumentException if the value cannot be written
     */
    public abstract int length(T value);

    /**
     * Writes the value from the claim's index 0 on, all of its {@link #length} bytes. The claim is exactly so long.
     *
     * @throws IllegalArgumentException if the value cannot be written
     */
    protected abstract void put(T value, Claim claim);

    /**
     * Reads the whole payload, whatever format the message says it has.
     *
     * @throws CodecException if the bytes are not what this codec writes; see {@link #malformed}
     */
    protected abstract T get(Message message);

    /**
     * Writes the value into a claim and says its format; the caller commits.
     *
     * @throws IllegalArgumentException if the claim is not exactly as long as the value
     */
    public final void write(T value, Claim claim) {
        int needed = length(value);
        if (claim.length() != needed) {
            throw new IllegalArgumentException(
                    "the claim has " + claim.length() + " bytes, " + name + " takes " + needed);
        }
        put(value, claim);
        claim.formatCode(id);
    }

    /** As {@link #send(Output, Object, Parameters)}, without parameters. */
    public final SendResult send(Output output, T value) {
        return send(output, value, Parameters.EMPTY);
    }

    /**
     * Writes the value in place and sends it. Waits as {@link Output#claim(int)} does: in an operator never, in a node until there is room.
     *
     * @return {@link SendResult#ACCEPTED} or {@link SendResult#CLOSED}
     * @throws IllegalArgumentException if the value cannot be written; nothing was sent
     */
    public SendResult send(Output output, T value, Parameters parameters) {
        return fill(output, output.claim(length(value), parameters), value);
    }

    /** As {@link #offer(Output, Object, Parameters)}, without parameters. */
    public final SendResult offer(Output output, T value) {
        return offer(output, value, Parameters.EMPTY);
    }

    /**
     * As {@link #send(Output, Object, Parameters)} but never waits.
     *
     * @return {@link SendResult#FULL} where nothing was sent for want of room
     */
    public SendResult offer(Output output, T value, Parameters parameters) {
        @Nullable Claim claim = output.tryClaim(length(value), parameters);
        return claim == null ? refusal(output) : fill(output, claim, value);
    }

    /**
     * Reads a message.
     *
     * @throws CodecException if another codec has written it, or its bytes are damaged
     */
    public T read(Message message) {
        check(message);
        return get(message);
    }

    /**
     * Reads a message whatever its sender says it is: for senders that say nothing.
     *
     * @throws CodecException if the bytes are not what this codec writes
     */
    public final T decode(Message message) {
        return get(message);
    }

    /** Whether the message says that a codec of this id has written it. */
    public final boolean wrote(Message message) {
        return message.formatCode() == id;
    }

    /**
     * Refuses a message that another codec has written, by an exception that names both.
     *
     * @throws CodecException if {@link #wrote} is false
     */
    protected final void check(Message message) {
        if (message.formatCode() != id) {
            throw mismatch(message);
        }
    }

    private CodecException mismatch(Message message) {
        return new CodecException("message " + message.sequence() + " of " + message.length() + " bytes was written as "
                + CodecNames.of(message.formatCode()) + ", and is read as " + name + " ("
                + CodecNames.number(id) + "): both ends must use the same codec");
    }

    /**
     * What to throw where bytes are not as they should be.
     *
     * @param at the index in the payload from which on they are not
     * @param what what was expected and what was found
     */
    protected final CodecException malformed(Message message, int at, String what) {
        return CodecException.malformed(name, message, at, what);
    }

    /** Refuses a payload of another length. */
    final void checkLength(Message message, int expected) {
        int found = message.length();
        if (found != expected) {
            throw malformed(
                    message, Math.min(found, expected), "expected " + expected + " bytes in all, found " + found);
        }
    }

    /** Room for a payload of this codec, to be filled and committed. */
    final Claim begin(Output output, int length) {
        return output.claim(length).formatCode(id);
    }

    /** Commits a filled claim; ACCEPTED unless nobody is there to receive. */
    static SendResult finish(Output output, Claim claim) {
        boolean isClosed = output.isClosed();
        claim.commit();
        return isClosed ? SendResult.CLOSED : SendResult.ACCEPTED;
    }

    static SendResult refusal(Output output) {
        return output.isClosed() ? SendResult.CLOSED : SendResult.FULL;
    }

    private SendResult fill(Output output, Claim claim, T value) {
        try {
            put(value, claim);
        } catch (Throwable e) {
            claim.abort(); // else the output would refuse every later message
            throw e;
        }
        return finish(output, claim.formatCode(id));
    }

    @Override
    public String toString() {
        return name + " (" + CodecNames.number(id) + ")";
    }
}
