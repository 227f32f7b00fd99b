package io.netchannel.samples.load;

/** Something that is compared with others, open for rounds. */
public interface ComparedPath extends AutoCloseable {

    PathKind kind();

    default String label() {
        return kind().label();
    }

    @Override
    void close();
}
