package io.netchannel.samples.haproxy.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which constants of type {@link Setting} there are in the compiled classes, and which of them somebody reads. */
final class SettingReaders {

    private static final ClassDesc SETTING = ClassDesc.of(Setting.class.getName());
    /** These change a setting or ask whether a line gave it: neither acts on what it says. */
    private static final Set<String> WITHOUT_READING = Set.of("set", "append", "unset", "isSet");

    private final Set<String> declared = new TreeSet<>();
    private final Set<String> read = new TreeSet<>();

    /** @param type of the package under which the classes stand */
    SettingReaders(final Class<?> type) throws IOException, URISyntaxException {
        final URL place = type.getResource(type.getSimpleName() + ".class");
        try (Stream<Path> files = Files.walk(Path.of(place.toURI()).getParent())) {
            files.filter(file -> file.toString().endsWith(".class")).forEach(this::scan);
        }
    }

    /** {@code GlobalOptions.QUIET} and its like. */
    Set<String> declared() {
        return declared;
    }

    Set<String> unread() {
        final Set<String> unread = new TreeSet<>(declared);
        unread.removeAll(read);
        return unread;
    }

    private void scan(final Path file) {
        final ClassModel model;
        try {
            model = ClassFile.of().parse(file);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        final String name = simpleName(model.thisClass().asInternalName());
        for (final FieldModel field : model.fields()) {
            if (field.fieldTypeSymbol().equals(SETTING) && field.flags().has(AccessFlag.STATIC)) {
                declared.add(name + "." + field.fieldName().stringValue());
            }
        }
        for (final MethodModel method : model.methods()) {
            method.code().ifPresent(code -> scan(name, code));
        }
    }

    /** A constant belongs to the next call that takes one, so that {@code set(A, get(B))} reads B only. */
    private void scan(final String in, final CodeModel code) {
        final Deque<String> pushed = new ArrayDeque<>();
        for (final CodeElement element : code) {
            if (element instanceof final FieldInstruction field && field.typeSymbol().equals(SETTING)
                    && field.opcode() == java.lang.classfile.Opcode.GETSTATIC) {
                pushed.push(simpleName(field.owner().asInternalName()) + "." + field.name().stringValue());
            } else if (element instanceof final InvokeInstruction call) {
                final List<ClassDesc> parameters = call.typeSymbol().parameterList();
                for (int i = 0; i < parameters.size(); i++) {
                    if (parameters.get(i).equals(SETTING) && !pushed.isEmpty()) {
                        used(in, pushed.pop(), call.name().stringValue());
                    }
                }
            }
        }
        // Chosen between by a condition, or put into a list.
        pushed.forEach(setting -> used(in, setting, ""));
    }

    private void used(final String in, final String setting, final String by) {
        // What a parser gives to its own methods, it sets there.
        final boolean parses = in.endsWith("Keywords") && !"get".equals(by);
        if (!parses && !WITHOUT_READING.contains(by)) {
            read.add(setting);
        }
    }

    private static String simpleName(final String internalName) {
        return internalName.substring(internalName.lastIndexOf('/') + 1);
    }
}
