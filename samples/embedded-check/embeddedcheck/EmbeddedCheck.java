package embeddedcheck;

import io.millrace.Dataflow;
import io.millrace.runtime.DataflowStatus.EdgeStatus;
import io.millrace.runtime.RunningDataflow;
import java.io.IOException;
import java.nio.file.Path;

/** Runs the dataflow of its argument until its standard input ends. */
public final class EmbeddedCheck {
    private EmbeddedCheck() {}

    public static void main(String[] arguments) throws IOException {
        try (RunningDataflow running = Dataflow.load(Path.of(arguments[0])).start()) {
            System.in.read();
            for (EdgeStatus edge : running.status().edges()) {
                System.out.println(edge.name() + ": " + edge.form());
            }
        }
        System.out.println("closed");
    }
}
