package io.netchannel.cpu.rewrite;

import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.HeapWords;
import io.netchannel.cpu.explore.ModelledMemory;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What rewritten code does instead of accessing memory: finds the word, and lets the modelled memory step.
 *
 * <p>The static methods link the call sites that {@link ClassRewriter} has written. Public because those call sites are in
 * other packages; of no use to anybody else.
 *
 * <p>Threading: confined to the thread that explores.
 */
public final class SharedAccess {

    private static final Set<String> FENCES = Set.of("fullFence", "acquireFence", "releaseFence", "loadLoadFence",
            "storeStoreFence", "loadFence", "storeFence");
    private static final MethodHandle ACT;

    static {
        try {
            ACT = MethodHandles.lookup().findVirtual(Site.class, "act",
                    MethodType.methodType(Object.class, Object[].class));
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What stands behind one call site. */
    @FunctionalInterface
    private interface Site {

        Object act(Object[] arguments);
    }

    private final Map<VarHandle, String> fields = new IdentityHashMap<>();
    private final Map<String, Long> offsets = new HashMap<>();
    private final Map<String, String> weaker = new HashMap<>();
    private ModelledMemory memory;

    SharedAccess() {
    }

    void use(final ModelledMemory modelled) {
        memory = modelled;
    }

    void weaken(final String mode, final String weakerMode) {
        weaker.put(mode, weakerMode);
    }

    // -- linking

    static boolean isAccessMode(final String name) {
        return Arrays.stream(VarHandle.AccessMode.values()).anyMatch(mode -> mode.methodName().equals(name));
    }

    static boolean isFence(final String name) {
        return FENCES.contains(name);
    }

    static boolean isUnsafeAccess(final String name) {
        return UnsafeName.parse(name) != null || name.equals("copyMemory") || name.equals("setMemory");
    }

    /** A fence, of VarHandle or of Unsafe. */
    public static CallSite fence(final Lookup lookup, final String name, final MethodType type) {
        return site(type, arguments -> of(lookup).fence(name));
    }

    /** An access by VarHandle; the handle comes first. */
    public static CallSite varHandle(final Lookup lookup, final String name, final MethodType type) {
        final SharedAccess access = of(lookup);
        return site(type, arguments -> access.byHandle(name, type, arguments));
    }

    /** An access by Unsafe: object or null, offset or address, values. */
    public static CallSite unsafe(final Lookup lookup, final String name, final MethodType type) {
        final SharedAccess access = of(lookup);
        // Unsafe's own methods have the instance below.
        final int from = type.parameterType(0) == Object.class && type.parameterType(1) == Object.class
                && !name.equals("copyMemory") ? 1 : 0;
        return site(type, arguments -> access.byAddress(name, type,
                Arrays.copyOfRange(arguments, from, arguments.length)));
    }

    /** A field, as {@code getfield} and {@code putfield} reach it. */
    public static CallSite field(final Lookup lookup, final String name, final MethodType type, final String field) {
        final SharedAccess access = of(lookup);
        final Class<?> held = name.startsWith("get") ? type.returnType() : type.parameterType(1);
        return site(type, arguments -> access.act(name, held, access.fieldAddress(arguments[0], field), 1, arguments));
    }

    /** A method that makes a VarHandle: makes it, and remembers of what. */
    public static CallSite remember(final Lookup lookup, final String name, final MethodType type)
            throws ReflectiveOperationException {
        final SharedAccess access = of(lookup);
        if (name.equals("arrayElementVarHandle")) {
            return new ConstantCallSite(MethodHandles.lookup().findStatic(MethodHandles.class, name, type));
        }
        return site(type, arguments -> {
            try {
                final Class<?> owner = (Class<?>) arguments[1];
                final VarHandle handle = ((Lookup) arguments[0]).findVarHandle(owner, (String) arguments[2],
                        (Class<?>) arguments[3]);
                access.fields.put(handle, declaredIn(owner, (String) arguments[2]) + '.' + arguments[2]);
                return handle;
            } catch (final ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static String declaredIn(final Class<?> owner, final String field) {
        Class<?> type = owner;
        while (Arrays.stream(type.getDeclaredFields()).noneMatch(known -> known.getName().equals(field))) {
            type = type.getSuperclass();
        }
        return type.getName();
    }

    private static SharedAccess of(final Lookup lookup) {
        return ((ModelledClassLoader) lookup.lookupClass().getClassLoader()).access();
    }

    private static CallSite site(final MethodType type, final Site site) {
        return new ConstantCallSite(
                ACT.bindTo(site).asCollector(Object[].class, type.parameterCount()).asType(type));
    }

    // -- acting

    private ModelledMemory memory() {
        if (memory == null) {
            throw new IllegalStateException("no memory: the set-up of the program must call ModelledClassLoader.use");
        }
        return memory;
    }

    private Object fence(final String name) {
        switch (name) {
            case "fullFence" -> memory().fullFence();
            case "acquireFence", "loadLoadFence", "loadFence" -> memory().acquireFence();
            default -> memory().releaseFence();
        }
        return null;
    }

    private long fieldAddress(final Object owner, final String field) {
        final long offset = offsets.computeIfAbsent(field, name -> (long) offsets.size());
        return memory().heap().address(owner, offset, field.substring(field.lastIndexOf('.') + 1));
    }

    private Object byHandle(final String name, final MethodType type, final Object[] arguments) {
        final VarHandle handle = (VarHandle) arguments[0];
        final String field = fields.get(handle);
        if (field != null) {
            return act(name, handle.varType(), fieldAddress(arguments[1], field), 2, arguments);
        }
        if (handle.coordinateTypes().size() != 2 || !handle.coordinateTypes().getFirst().isArray()) {
            throw new UnsupportedOperationException("VarHandle " + handle
                    + ": neither of an instance field that a rewritten class looked up, nor of array elements");
        }
        final int index = (int) arguments[2];
        Objects.checkIndex(index, Array.getLength(arguments[1]));
        return act(name, handle.varType(), memory().heap().address(arguments[1], index, "[" + index + "]"), 3,
                arguments);
    }

    private Object byAddress(final String name, final MethodType type, final Object[] arguments) {
        if (name.equals("copyMemory")) {
            Bulk.copy(memory(), arguments);
            return null;
        }
        if (arguments[0] != null) {
            throw new UnsupportedOperationException("Unsafe." + name + " on " + arguments[0].getClass().getName()
                    + ": only addresses outside the heap are modelled");
        }
        if (name.equals("setMemory")) {
            Bulk.set(memory(), (long) arguments[1], (long) arguments[2], (byte) arguments[3]);
            return null;
        }
        final UnsafeName access = UnsafeName.parse(name);
        return act(access.mode(), access.type(), (long) arguments[1], 2, arguments);
    }

    /**
     * @param mode a method name of VarHandle
     * @param first index of the first value among the arguments
     */
    private Object act(final String mode, final Class<?> type, final long address, final int first,
            final Object[] arguments) {
        final ModelledMemory at = memory();
        final int bytes = Words.sizeBytes(type);
        return switch (weaker.getOrDefault(mode, mode)) {
            case "get" -> value(type, at.load(address, bytes, AccessMode.PLAIN));
            case "getOpaque" -> value(type, at.load(address, bytes, AccessMode.OPAQUE));
            case "getAcquire" -> value(type, at.load(address, bytes, AccessMode.ACQUIRE));
            case "getVolatile" -> value(type, at.load(address, bytes, AccessMode.VOLATILE));
            case "set" -> store(address, bytes, word(type, arguments[first]), AccessMode.PLAIN);
            case "setOpaque" -> store(address, bytes, word(type, arguments[first]), AccessMode.OPAQUE);
            case "setRelease" -> store(address, bytes, word(type, arguments[first]), AccessMode.RELEASE);
            case "setVolatile" -> store(address, bytes, word(type, arguments[first]), AccessMode.VOLATILE);
            case "compareAndSet", "weakCompareAndSet" -> at.compareAndSet(address, bytes, word(type, arguments[first]),
                    word(type, arguments[first + 1]));
            case "compareAndExchange" -> value(type, at.compareAndExchange(address, bytes, word(type, arguments[first]),
                    word(type, arguments[first + 1])));
            case "getAndSet" -> value(type, at.getAndSet(address, bytes, word(type, arguments[first])));
            case "getAndAdd" -> value(type, at.getAndAdd(address, bytes, word(type, arguments[first])));
            case "getAndBitwiseOr" -> value(type, at.getAndBitwiseOr(address, bytes, word(type, arguments[first])));
            case "getAndBitwiseAnd" -> value(type, at.getAndBitwiseAnd(address, bytes, word(type, arguments[first])));
            case "getAndBitwiseXor" -> value(type, at.getAndBitwiseXor(address, bytes, word(type, arguments[first])));
            // Weaker than volatile: to take it for that would hide what it allows.
            default -> throw new UnsupportedOperationException("access mode " + mode + " is not modelled");
        };
    }

    private Object store(final long address, final int bytes, final long word, final AccessMode mode) {
        memory().store(address, bytes, word, mode);
        return null;
    }

    private long word(final Class<?> type, final Object value) {
        return type.isPrimitive() ? Words.bits(value) : heap().handle(value);
    }

    private Object value(final Class<?> type, final long bits) {
        return type.isPrimitive() ? Words.value(type, bits) : heap().object(bits);
    }

    private HeapWords heap() {
        return memory().heap();
    }
}
