package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WholeContractTest {

    @Test
    void shouldHoldEveryTopicThatThereIs() throws Exception {
        List<Class<?>> held = Arrays.stream(WholeContract.class.getDeclaredClasses())
                .filter(nested -> nested.isAnnotationPresent(Nested.class))
                .<Class<?>>map(Class::getSuperclass)
                .toList();

        assertThat(held).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(topics());
    }

    /** The classes beside {@link DataflowContract} that extend it. */
    private static List<Class<?>> topics() throws Exception {
        Path classes = Path.of(DataflowContract.class
                        .getResource("DataflowContract.class")
                        .toURI())
                .getParent();
        try (Stream<Path> files = Files.list(classes)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Contract.class"))
                    .map(name -> "io.millrace.contract." + name.substring(0, name.length() - ".class".length()))
                    .toList();
            List<Class<?>> topics = new ArrayList<>();
            for (String name : names) {
                Class<?> found = Class.forName(name, false, DataflowContract.class.getClassLoader());
                if (found.getSuperclass() == DataflowContract.class) {
                    topics.add(found);
                }
            }
            return topics;
        }
    }
}
