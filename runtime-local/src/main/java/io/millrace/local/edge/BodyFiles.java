package io.millrace.local.edge;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Files for large bodies that two JVMs map. Used by one thread at a time; its methods may wait for the file system. */
public interface BodyFiles {
    /** The bytes at the begin of each file that are not the bodies'. */
    int HEADER_BYTES = 32;

    /**
     * Makes one, of zeros behind its header, with all of its memory allocated.
     *
     * @throws IOException if that is not possible, saying why and what can be done
     */
    ByteBuffer create(int number, int bytes) throws IOException;

    /**
     * One that the other JVM has made.
     *
     * @throws IOException if there is none, or it is not the other one's
     */
    ByteBuffer open(int number) throws IOException;

    /** Nobody opens it any more. */
    void delete(int number);
}
