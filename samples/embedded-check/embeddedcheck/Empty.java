package embeddedcheck;

import java.io.IOException;

/** The yardstick: what a JVM costs that does nothing until its standard input ends. */
public final class Empty {
    private Empty() {}

    public static void main(String[] arguments) throws IOException {
        System.out.println("first event: none");
        System.in.read();
        System.out.println("closed");
    }
}
