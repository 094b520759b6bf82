package io.millrace.yaml;

import io.millrace.graph.Location;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** Makes a bounded tree of the one document in a text. No object but nodes of the tree is ever made. */
final class YamlTree {
    private final String file;

    private YamlTree(String file) {
        this.file = file;
    }

    /** @param text checked by {@link DataflowText} */
    static Written compose(String text, String file) throws RefusedTextException {
        return new YamlTree(file).compose(text);
    }

    private Written compose(String text) throws RefusedTextException {
        LoaderOptions options = options();
        StreamReader reader = new StreamReader(text);
        Composer composer =
                new Composer(new GuardedParser(new ParserImpl(reader, options)), CoreResolver.INSTANCE, options);
        try {
            Node root = composer.checkNode() ? composer.getNode() : null;
            if (root == null) {
                throw new RefusedTextException(
                        Location.of(file), "the file is empty: expected a mapping with the key 'nodes'");
            }
            if (composer.checkNode()) {
                throw new RefusedTextException(
                        place(composer.getNode().getStartMark()),
                        "a second document begins here: expected one, so remove the line '---' before it");
            }
            refuseExcess(root);
            return new Written(root, file);
        } catch (YAMLException e) {
            throw refused(e);
        } catch (NumberFormatException e) {
            // SnakeYAML reads the digits of an escape as a signed number.
            throw new RefusedTextException(
                    place(reader.getMark()), "not valid YAML: the escape before this is no character");
        }
    }

    /** The bounds are those of {@link GuardedParser} and {@link SharedValues}, which say where the excess is. */
    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(DataflowText.MAX_BYTES);
        options.setNestingDepthLimit(2 * GuardedParser.MAX_DEPTH);
        options.setMaxAliasesForCollections(GuardedParser.MAX_EVENTS);
        options.setProcessComments(false);
        return options;
    }

    private void refuseExcess(Node root) throws RefusedTextException {
        SharedValues.Excess excess = SharedValues.findExcess(root);
        if (excess != null) {
            throw new RefusedTextException(place(excess.node().getStartMark()), String.valueOf(excess.getMessage()));
        }
    }

    private RefusedTextException refused(YAMLException e) {
        if (e instanceof GuardedParser.LimitException limit) {
            return new RefusedTextException(place(limit.getProblemMark()), limit.getProblem());
        }
        if (e instanceof MarkedYAMLException marked) {
            return new RefusedTextException(place(marked.getProblemMark()), "not valid YAML: " + sentence(marked));
        }
        return new RefusedTextException(Location.of(file), "not valid YAML: " + e.getMessage());
    }

    private static String sentence(MarkedYAMLException e) {
        String problem = String.valueOf(e.getProblem());
        if (problem.contains("\\t(TAB)")) {
            return "a tab stands where a value may begin: indent with spaces";
        }
        return e.getContext() == null ? problem : e.getContext() + ", " + problem;
    }

    private Location place(@Nullable Mark mark) {
        return mark == null ? Location.of(file) : new Location(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
