package io.millrace.yaml;

import io.millrace.graph.GraphAssembler;
import io.millrace.graph.GraphAssembler.Assembly;
import io.millrace.graph.GraphDraft;
import io.millrace.graph.Problem;
import io.millrace.graph.ProblemCollector;
import io.millrace.workdir.PathSyntax;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads dataflow files. Stateless; any thread.
 *
 * <p>Nothing that a text contains makes these methods throw: whatever is wrong with it is a problem with its place, and time and
 * memory are bounded. Whether the files that it names exist is not looked at.
 */
public final class YamlDataflow {
    private static final String FILE_SUFFIX = "\\.ya?ml$";

    private YamlDataflow() {}

    /**
     * Reads a file of at most 4 MiB. Blocks on the file system; a missing or unreadable file is a problem like others.
     *
     * @param file as the user gave it: so it is named in problems
     */
    public static Assembly load(Path file, YamlOptions options) {
        return load(file, options, new ProblemCollector());
    }

    /**
     * As {@link #load(Path, YamlOptions)}, for who has more to find.
     *
     * @param problems to which those found here are added
     */
    public static Assembly load(Path file, YamlOptions options, ProblemCollector problems) {
        Path absolute = absolute(file);
        String fileName = String.valueOf(absolute.getFileName());
        return read(
                () -> DataflowText.read(file, file.toString()),
                new Origin(
                        file.toString(),
                        fileName.replaceFirst(FILE_SUFFIX, ""),
                        Optional.of(absolute),
                        flowDir(file, options)),
                options,
                problems);
    }

    /** The flow dir of a file, even of one that cannot be read: the options', or the directory that holds it. Absolute. */
    public static Path flowDir(Path file, YamlOptions options) {
        Path absolute = absolute(file);
        Path parent = absolute.getParent();
        return options.directory().map(YamlDataflow::absolute).orElse(parent == null ? absolute : parent);
    }

    /** The flow dir of what is in no file: the options', or the current directory. Absolute. */
    public static Path flowDir(YamlOptions options) {
        return absolute(options.directory().orElse(Path.of("")));
    }

    /** A {@code ..} is left to the system, for behind a symbolic link it leads elsewhere than the text says. */
    private static Path absolute(Path path) {
        FileSystem system = path.getFileSystem();
        PathSyntax syntax = system.getSeparator().equals("\\") ? PathSyntax.WINDOWS : PathSyntax.POSIX;
        return system.getPath(syntax.resolve(path.toAbsolutePath().toString(), "."));
    }

    /**
     * Reads a text. Does not block.
     *
     * @param name stands for the file's name in problems, and for the dataflow's where the text has none
     */
    public static Assembly parse(String text, String name, YamlOptions options) {
        return parse(text, name, options, new ProblemCollector());
    }

    /**
     * As {@link #parse(String, String, YamlOptions)}, for who has more to find.
     *
     * @param problems to which those found here are added
     */
    public static Assembly parse(String text, String name, YamlOptions options, ProblemCollector problems) {
        return read(
                () -> DataflowText.check(text, name),
                new Origin(name, name.replaceFirst(FILE_SUFFIX, ""), Optional.empty(), flowDir(options)),
                options,
                problems);
    }

    private static Assembly read(TextSource source, Origin origin, YamlOptions options, ProblemCollector problems) {
        Written tree;
        try {
            tree = YamlTree.compose(source.text(), origin.shownAs());
        } catch (RefusedTextException refused) {
            return refused(refused.problem(), problems);
        }
        if (!tree.is(Written.Kind.MAPPING)) {
            return refused(
                    Problem.error(
                            tree.location(), "found " + tree.describe() + ", expected a mapping with the key 'nodes'"),
                    problems);
        }
        Reading reading = new Reading(options.environment(), problems);
        Optional<Fields> root = DataflowSchema.ROOT.read(Place.of("dataflow"), tree, reading);
        if (root.isEmpty()) {
            return new Assembly(Optional.empty(), reading.problems().problems());
        }
        DataflowTranslation translation = new DataflowTranslation(root.get(), reading, origin, options);
        Optional<GraphDraft> draft = translation.draft();
        if (draft.isEmpty()) {
            return new Assembly(Optional.empty(), reading.problems().problems());
        }
        Assembly assembly = GraphAssembler.assemble(draft.get(), reading.problems());
        return assembly.graph().isPresent()
                ? assembly
                : new Assembly(Optional.empty(), assembly.problems(), translation.sound());
    }

    private static Assembly refused(Problem problem, ProblemCollector problems) {
        problems.add(problem);
        return new Assembly(Optional.empty(), problems.problems());
    }

    /** Gives the text, or says why there is none. */
    @FunctionalInterface
    private interface TextSource {
        String text() throws RefusedTextException;
    }

    /**
     * Where a text comes from.
     *
     * @param shownAs its name in problems
     * @param dataflowName the dataflow's name if the text has none
     */
    record Origin(String shownAs, String dataflowName, Optional<Path> file, Path directory) {}
}
