package io.millrace.remote.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The command line for many commands in one process: reads them from its input, arguments apart by tabs, and answers with a line for each: exit code, stdout and stderr in Base64. */
public final class CommandsInSeries {
    private CommandsInSeries() {}

    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err); // what commands print without a console is for the log
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            Streams streams = new Streams();
            int code = streams.execute(line.split("\t"));
            answers.println(code + " " + encoded(streams.out()) + " " + encoded(streams.err()));
            answers.flush();
        }
    }

    /** Never empty, so that each answer has three words. */
    private static String encoded(String text) {
        return "=" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
