package io.netchannel.cpu.rewrite;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Replaces each access to shared memory in a class file by an {@code invokedynamic} of the same stack effect, which
 * {@link SharedAccess} links.
 *
 * <p>Threading: confined to its loader.
 */
final class ClassRewriter {

    private static final String VAR_HANDLE = "java/lang/invoke/VarHandle";
    private static final Set<String> UNSAFE = Set.of("org/agrona/UnsafeApi", "jdk/internal/misc/Unsafe",
            "sun/misc/Unsafe");
    private static final ClassDesc CD_VAR_HANDLE = ClassDesc.of("java.lang.invoke.VarHandle");
    private static final ClassDesc LINKER = ClassDesc.of(SharedAccess.class.getName());

    private enum Kind {
        SHARED, VOLATILE, PRIVATE
    }

    private record Field(String declaredIn, Kind kind) {
    }

    private final ModelledClassLoader loader;
    private final Map<String, ClassModel> models = new HashMap<>();

    ClassRewriter(final ModelledClassLoader loader) {
        this.loader = loader;
    }

    byte[] rewrite(final byte[] original) {
        final ClassFile files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader.getParent())));
        final ClassModel model = files.parse(original);
        return files.transformClass(model, (builder, element) -> {
            if (element instanceof final MethodModel method) {
                final boolean constructs = method.methodName().equalsString(ConstantDescs.INIT_NAME);
                builder.transformMethod(method, MethodTransform
                        .transformingCode(new BodyRewriter(constructs)));
            } else {
                builder.accept(element);
            }
        });
    }

    private final class BodyRewriter implements CodeTransform {

        // Before super() or this(), "this" can't be given to anybody: what a constructor stores by then nobody shares.
        private boolean unfinished;
        private int constructions;

        BodyRewriter(final boolean constructs) {
            unfinished = constructs;
        }

        @Override
        public void accept(final CodeBuilder code, final CodeElement element) {
            switch (element) {
                case final InvokeInstruction call -> invoke(code, call);
                case final FieldInstruction access when !unfinished && isInstance(access) -> field(code, access);
                case final NewObjectInstruction made -> {
                    constructions++;
                    code.accept(made);
                }
                default -> code.accept(element);
            }
        }

        private void invoke(final CodeBuilder code, final InvokeInstruction call) {
            final String owner = call.owner().asInternalName();
            final String name = call.name().stringValue();
            final MethodTypeDesc type = call.typeSymbol();
            if (owner.equals(VAR_HANDLE) && call.opcode() == Opcode.INVOKESTATIC) {
                link(code, "fence", name, type);
            } else if (owner.equals(VAR_HANDLE) && SharedAccess.isAccessMode(name)) {
                link(code, "varHandle", name, type.insertParameterTypes(0, CD_VAR_HANDLE));
            } else if (UNSAFE.contains(owner) && SharedAccess.isFence(name)) {
                unsafe(code, call, "fence", name, type);
            } else if (UNSAFE.contains(owner) && SharedAccess.isUnsafeAccess(name)) {
                unsafe(code, call, "unsafe", name, type);
            } else if (owner.equals("java/lang/invoke/MethodHandles$Lookup") && name.equals("findVarHandle")) {
                link(code, "remember", name, type.insertParameterTypes(0, call.owner().asSymbol()));
            } else if (owner.equals("java/lang/invoke/MethodHandles") && name.equals("arrayElementVarHandle")) {
                link(code, "remember", name, type);
            } else {
                code.accept(call);
                if (unfinished && name.equals(ConstantDescs.INIT_NAME) && --constructions < 0) {
                    // Of no object that was made here: this is super() or this().
                    unfinished = false;
                }
            }
        }

        private void unsafe(final CodeBuilder code, final InvokeInstruction call, final String linker,
                final String name, final MethodTypeDesc type) {
            // An instance of Unsafe lies below the arguments; UnsafeApi's methods are static.
            final boolean isStatic = call.opcode() == Opcode.INVOKESTATIC;
            link(code, linker, name,
                    isStatic ? type : type.insertParameterTypes(0, ConstantDescs.CD_Object));
        }

        private void field(final CodeBuilder code, final FieldInstruction access) {
            final String owner = access.owner().asInternalName().replace('/', '.');
            final Field field = resolve(owner, access.name().stringValue());
            if (field.kind == Kind.PRIVATE) {
                code.accept(access);
                return;
            }
            final boolean load = access.opcode() == Opcode.GETFIELD;
            final ClassDesc holder = access.owner().asSymbol();
            final MethodTypeDesc type = load
                    ? MethodTypeDesc.of(access.typeSymbol(), holder)
                    : MethodTypeDesc.of(ConstantDescs.CD_void, holder, access.typeSymbol());
            final String mode = field.kind == Kind.VOLATILE ? "Volatile" : "";
            link(code, "field", (load ? "get" : "set") + mode, type,
                    field.declaredIn + '.' + access.name().stringValue());
        }
    }

    private static boolean isInstance(final FieldInstruction access) {
        return access.opcode() == Opcode.GETFIELD || access.opcode() == Opcode.PUTFIELD;
    }

    private static void link(final CodeBuilder code, final String linker, final String name,
            final MethodTypeDesc type, final ConstantDesc... more) {
        final ClassDesc[] extra = new ClassDesc[more.length];
        Arrays.fill(extra, ConstantDescs.CD_String);
        final DirectMethodHandleDesc bootstrap = ConstantDescs.ofCallsiteBootstrap(LINKER, linker,
                ConstantDescs.CD_CallSite, extra);
        code.invokedynamic(DynamicCallSiteDesc.of(bootstrap, name, type, more));
    }

    /** Where a field is declared, and what may be done to it. */
    private Field resolve(final String owner, final String name) {
        String next = owner;
        while (next != null && loader.isRewritten(next)) {
            final ClassModel model = models.computeIfAbsent(next,
                    className -> ClassFile.of().parse(loader.classFile(className)));
            for (final FieldModel field : model.fields()) {
                if (field.fieldName().equalsString(name)) {
                    return new Field(next, kindOf(next, field));
                }
            }
            next = model.superclass().map(entry -> entry.asInternalName().replace('/', '.')).orElse(null);
        }
        return new Field(owner, Kind.PRIVATE);
    }

    private Kind kindOf(final String declaredIn, final FieldModel field) {
        if (field.flags().has(AccessFlag.FINAL) || loader.isConfined(declaredIn)) {
            return Kind.PRIVATE;
        }
        return field.flags().has(AccessFlag.VOLATILE) ? Kind.VOLATILE : Kind.SHARED;
    }
}
