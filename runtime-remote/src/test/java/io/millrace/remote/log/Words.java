package io.millrace.remote.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** A machine that keeps the words it was given, and answers with how many there are and the word. */
public class Words implements StateMachine {
    /** Whoever applies this word throws, if it was told to. */
    public static final String POISON = "poison";

    private final boolean diesOfPoison;
    private final List<String> words = new ArrayList<>();
    private long lastIndex;
    private int restored;
    private int snapshots;

    /** A machine that takes every word. */
    public Words() {
        this(false);
    }

    /** A machine that may throw at {@link #POISON}. */
    public Words(boolean diesOfPoison) {
        this.diesOfPoison = diesOfPoison;
    }

    @Override
    public synchronized byte[] apply(long index, byte[] entry) {
        if (index <= lastIndex) {
            throw new IllegalStateException("entry " + index + " after " + lastIndex);
        }
        String word = new String(entry, UTF_8);
        if (diesOfPoison && word.equals(POISON)) {
            throw new IllegalArgumentException("poisoned");
        }
        lastIndex = index;
        words.add(word);
        return (words.size() + ":" + (word.length() > 100 ? "long" : word)).getBytes(UTF_8);
    }

    @Override
    public synchronized void snapshot(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeLong(lastIndex);
        data.writeInt(words.size());
        for (String word : words) {
            data.writeUTF(word);
        }
        data.flush();
        snapshots++;
    }

    @Override
    public synchronized void restore(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        words.clear();
        lastIndex = data.readLong();
        int count = data.readInt();
        for (int i = 0; i < count; i++) {
            words.add(data.readUTF());
        }
        restored++;
    }

    /** All words, in their order. */
    public synchronized List<String> words() {
        return List.copyOf(words);
    }

    /** How often its state was replaced. */
    public synchronized int restored() {
        return restored;
    }

    /** How often its state was written. */
    public synchronized int snapshots() {
        return snapshots;
    }
}
