import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * Reads the test reports that .ci/run has kept, one folder a run with one folder a module in it, and prints the figures
 * that tests wrote, what failed, what was skipped and why, and how many there were. Exits with 1 if anything failed or if
 * a run left no report.
 */
final class Summary {
    private final Path results;
    private final List<String> failed = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private final List<String> unsteady = new ArrayList<>();
    private final List<String> figures = new ArrayList<>();
    private final Map<String, Set<String>> testClassesByRun = new TreeMap<>();
    private int passed;

    private Summary(Path results) {
        this.results = results;
    }

    public static void main(String[] arguments) throws Exception {
        Summary summary = new Summary(Path.of(arguments[0]));
        summary.readRuns();
        summary.readNotes(List.of(arguments).subList(1, arguments.length));
        summary.print();
        System.exit(summary.failed.isEmpty() ? 0 : 1);
    }

    private void readRuns() throws IOException, ParserConfigurationException, SAXException {
        for (Path run : list(results)) {
            if (Files.isDirectory(run)) {
                readRun(run);
            }
        }
        if (testClassesByRun.isEmpty()) {
            failed.add("test reports: there are none");
        }
    }

    private void readRun(Path run) throws IOException, ParserConfigurationException, SAXException {
        String name = run.getFileName().toString();
        Set<String> testClasses = testClassesByRun.computeIfAbsent(name, key -> new TreeSet<>());
        for (Path module : list(run)) {
            for (Path report : list(module)) {
                if (Files.isDirectory(report) && report.endsWith("figures")) {
                    readFigures(name, report);
                } else if (report.getFileName().toString().matches("TEST-.*\\.xml")) {
                    Element suite = parse(report);
                    testClasses.add(module.getFileName() + " " + suite.getAttribute("name"));
                    readSuite(name, suite);
                }
            }
        }
    }

    private void readFigures(String run, Path directory) throws IOException {
        for (Path file : list(directory)) {
            Files.readAllLines(file).forEach(line -> figures.add(run + " " + line));
        }
    }

    private void readSuite(String run, Element suite) {
        for (Element test : children(suite)) {
            if (test.getTagName().equals("property") || test.getTagName().equals("properties")) {
                checkJdk(run, suite, test);
            } else if (test.getTagName().equals("testcase")) {
                readTest(run, test);
            }
        }
    }

    /** A run named jdk-N must have taken place on N, or on a later one where N is the least that was asked for. */
    private void checkJdk(String run, Element suite, Element properties) {
        for (Element property : children(properties)) {
            if (property.getAttribute("name").equals("java.specification.version")) {
                int actual = Integer.parseInt(property.getAttribute("value"));
                int asked = Integer.parseInt(run.substring("jdk-".length()));
                if (actual < asked || (asked == 17 && actual != 17)) {
                    failed.add(run + " " + suite.getAttribute("name") + ": ran on JDK " + actual);
                }
            }
        }
    }

    private void readTest(String run, Element test) {
        String name = run + " " + test.getAttribute("classname") + "." + test.getAttribute("name");
        String outcome = null;
        for (Element child : children(test)) {
            switch (child.getTagName()) {
                case "failure", "error" -> outcome = "failed";
                case "flakyFailure", "flakyError" -> unsteady.add(name);
                case "skipped" -> {
                    outcome = "skipped";
                    skipped.add(name + ": " + reason(child));
                }
                default -> {} // output, properties and earlier attempts do not decide
            }
        }
        if (outcome == null) {
            passed++;
        } else if (outcome.equals("failed")) {
            failed.add(name);
        }
    }

    /** What the test says: in an attribute when it is disabled, in the trace of the exception when it gives up. */
    private static String reason(Element skipped) {
        String text = skipped.hasAttribute("message") ? skipped.getAttribute("message") : skipped.getTextContent();
        String reason = text.strip()
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^org.opentest4j.TestAbortedException:? ?", "")
                .replaceFirst("^Assumption failed: ", "");
        return reason.isEmpty() || reason.endsWith(" is @Disabled") ? "no reason given" : reason;
    }

    private void readNotes(List<String> notes) {
        int at = 0;
        while (at < notes.size()) {
            switch (notes.get(at)) {
                case "--failed" -> failed.add(notes.get(at + 1));
                case "--run-failed" -> explainFailure(notes.get(at + 1), notes.get(at + 2));
                case "--skipped" -> skipped.add(notes.get(at + 1));
                case "--same-tests" -> compare(notes.get(at + 1), notes.get(at + 2));
                default -> throw new IllegalArgumentException("unknown note: " + notes.get(at));
            }
            at += notes.get(at).matches("--failed|--skipped") ? 2 : 3;
        }
    }

    /** A run that failed because of its tests is explained by them already. */
    private void explainFailure(String run, String explanation) {
        if (failed.stream().noneMatch(line -> line.startsWith(run + " "))) {
            failed.add(run + " " + explanation);
        }
    }

    private void compare(String reference, String other) {
        Set<String> missing = new TreeSet<>(testClassesByRun.getOrDefault(reference, Set.of()));
        missing.removeAll(testClassesByRun.getOrDefault(other, Set.of()));
        missing.forEach(name -> failed.add(other + " " + name + ": ran on " + reference + " only"));
    }

    private void print() {
        print("figures", figures);
        print("failed", failed);
        print("skipped", skipped);
        print("passed only when run once more", unsteady);
        System.out.printf("%d passed, %d failed, %d skipped%n", passed, failed.size(), skipped.size());
    }

    private static void print(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            System.out.println("== " + title);
            lines.forEach(line -> System.out.println("  " + line));
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private static Element parse(Path report) throws IOException, ParserConfigurationException, SAXException {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getDocumentElement();
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }
}
