package io.millrace.remote.topology;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A client on some host, which does one command after the other. */
final class Commands {
    private final OutputStream requests;
    private final BufferedReader answers;

    Commands(Process process) {
        requests = process.getOutputStream();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    record Answer(int code, String out, String err) {}

    Answer run(String... arguments) throws IOException {
        requests.write((String.join("\t", arguments) + "\n").getBytes(StandardCharsets.UTF_8));
        requests.flush();
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the client has ended before it answered");
        }
        String[] words = line.split(" ", -1);
        return new Answer(Integer.parseInt(words[0]), decoded(words[1]), decoded(words[2]));
    }

    private static String decoded(String word) {
        return new String(Base64.getDecoder().decode(word.substring(1)), StandardCharsets.UTF_8);
    }
}
