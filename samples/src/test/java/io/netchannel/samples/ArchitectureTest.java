package io.netchannel.samples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The order in which modules may use each other, and what the data path may not touch. */
@AnalyzeClasses(packages = "io.netchannel", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule MODULES_USE_ONLY_THOSE_BELOW = layeredArchitecture().consideringOnlyDependenciesInLayers()
            .layer("cpu-model").definedBy("io.netchannel.cpu..")
            .layer("kernel-services").definedBy("io.netchannel.kernel..")
            .layer("channels").definedBy("io.netchannel.channels..")
            .layer("virtio-net").definedBy("io.netchannel.virtio..")
            .layer("tcpip").definedBy("io.netchannel.tcpip..")
            .layer("dataplane-node").definedBy("io.netchannel.node..")
            .layer("perf").definedBy("io.netchannel.perf..")
            .layer("samples").definedBy("io.netchannel.samples..")
            .whereLayer("cpu-model").mayNotAccessAnyLayer()
            .whereLayer("kernel-services").mayOnlyAccessLayers("cpu-model")
            .whereLayer("channels").mayOnlyAccessLayers("cpu-model", "kernel-services")
            .whereLayer("virtio-net").mayOnlyAccessLayers("cpu-model", "kernel-services", "channels")
            .whereLayer("tcpip").mayOnlyAccessLayers("cpu-model", "kernel-services", "channels")
            .whereLayer("dataplane-node")
            .mayOnlyAccessLayers("cpu-model", "kernel-services", "channels", "virtio-net", "tcpip")
            .whereLayer("perf")
            .mayOnlyAccessLayers("cpu-model", "kernel-services", "channels", "virtio-net", "tcpip", "dataplane-node")
            .whereLayer("samples").mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule ONLY_CLOCKS_READ_THE_CLOCK = noClasses().that()
            // The explorer tells how long it took.
            .resideOutsideOfPackages("io.netchannel.kernel.sched..", "io.netchannel.perf..",
                    "io.netchannel.cpu.explore..")
            .should()
            .callMethod(System.class, "nanoTime").orShould().callMethod(System.class, "currentTimeMillis")
            .because("protocol code is handed the time, so that it runs in virtual time too");

    @ArchTest
    static final ArchRule NOBODY_SLEEPS = noClasses().should().callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule NO_UNSAFE = noClasses().should().dependOnClassesThat()
            .haveFullyQualifiedName("sun.misc.Unsafe");

    @ArchTest
    static final ArchRule NATIVE_CALLS_ARE_IN_ONE_PACKAGE = noClasses().that()
            .resideOutsideOfPackage("io.netchannel.kernel.linux..").should().dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.foreign.Linker");

    @ArchTest
    static final ArchRule PROTOCOLS_KNOW_NEITHER_THREADS_NOR_SOCKETS = noClasses().that()
            .resideInAPackage("io.netchannel.tcpip..").should().dependOnClassesThat()
            .resideInAnyPackage("java.nio.channels..", "java.util.concurrent..").orShould()
            .dependOnClassesThat().haveNameMatching("java\\.net\\..*Socket");

    @ArchTest
    static final ArchRule SHARED_WORDS_GO_THROUGH_ORDERED_MEMORY = noClasses().that()
            .resideInAnyPackage("io.netchannel.channels..", "io.netchannel.virtio..", "io.netchannel.node..").should()
            .dependOnClassesThat().resideInAPackage("java.util.concurrent.atomic..")
            .because("what two threads share on the data path must be able to run on a modelled CPU");
}
