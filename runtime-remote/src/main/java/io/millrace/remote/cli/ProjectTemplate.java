package io.millrace.remote.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A project as {@code millrace new} makes it: files in the jar, in which {@code @NAME@} and its like are filled in. */
enum ProjectTemplate {
    java(
            "pom.xml",
            "src/main/java/nodes/Sensor.java",
            "src/main/java/nodes/Average.java",
            "src/main/java/nodes/Report.java"),
    python("requirements.txt", "sensor.py", "average.py", "report.py"),
    mixed(
            "pom.xml",
            "requirements.txt",
            "average.py",
            "src/main/java/nodes/Sensor.java",
            "src/main/java/nodes/Report.java");

    private static final Pattern SLOT = Pattern.compile("@([A-Z]+)@");
    private static final List<String> ALWAYS = List.of("README.md", "dataflow.yml", ".gitignore");

    private final List<String> files;

    ProjectTemplate(String... files) {
        this.files = List.of(files);
    }

    /** Writes all files, none of which may be there, and returns their paths. Blocks on the file system. */
    List<Path> write(Path directory, Map<String, String> values) throws IOException {
        List<String> names = new ArrayList<>(ALWAYS);
        names.addAll(files);
        List<Path> written = new ArrayList<>();
        for (String name : names) {
            Path file = directory.resolve(name);
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, filled(text(name), values), StandardOpenOption.CREATE_NEW);
            written.add(file);
        }
        return written;
    }

    private static String filled(String text, Map<String, String> values) {
        return SLOT.matcher(text)
                .replaceAll(slot -> Matcher.quoteReplacement(values.getOrDefault(slot.group(1), slot.group())));
    }

    /** What stands in the language's own directory, else what languages share. A resource's name has no dot at its begin, nor a suffix that tools take for our own code. */
    private String text(String name) throws IOException {
        String resource = name.replaceFirst("^\\.", "") + ".txt";
        for (String place : List.of(name(), "shared")) {
            try (InputStream content = ProjectTemplate.class.getResourceAsStream("new/" + place + "/" + resource)) {
                if (content != null) {
                    return new String(content.readAllBytes(), StandardCharsets.UTF_8);
                }
            }
        }
        throw new FileNotFoundException("the template of '" + name + "' is missing in the jar");
    }
}
