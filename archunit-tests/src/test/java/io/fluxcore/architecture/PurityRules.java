package io.fluxcore.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import io.fluxcore.architecture.House.Module;
import java.time.Clock;
import java.util.List;
import java.util.Set;

/** Time and chance are passed in, threads and files belong to the hosts. */
final class PurityRules {

  /** Calls that read the wall clock, wait for it, or read the machine's time zone. */
  private static final Set<String> CLOCK_CALLS =
      Set.of(
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.Thread.sleep",
          "java.lang.Thread.onSpinWait",
          "java.lang.Object.wait",
          "java.util.concurrent.TimeUnit.sleep",
          "java.util.concurrent.locks.LockSupport.park",
          "java.util.concurrent.locks.LockSupport.parkNanos",
          "java.util.concurrent.locks.LockSupport.parkUntil",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.Clock.system",
          "java.time.Clock.tickMillis",
          "java.time.Clock.tickSeconds",
          "java.time.Clock.tickMinutes",
          "java.time.InstantSource.system",
          "java.time.ZoneId.systemDefault",
          "java.util.TimeZone.getDefault",
          "java.util.Calendar.getInstance");

  /** Constructors that, without arguments, read the clock or choose a seed by themselves. */
  private static final Set<String> SELF_SEEDED_TYPES =
      Set.of(
          "java.util.Date",
          "java.util.GregorianCalendar",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.security.SecureRandom");

  /** Calls whose result nobody can repeat. */
  private static final Set<String> CHANCE_CALLS =
      Set.of(
          "java.lang.Math.random",
          "java.lang.StrictMath.random",
          "java.util.UUID.randomUUID",
          "java.util.concurrent.ThreadLocalRandom.current",
          "java.util.random.RandomGenerator.getDefault");

  private static final List<String> THREAD_TYPES =
      List.of(
          "java.lang.Thread",
          "java.lang.ThreadGroup",
          "java.lang.ThreadLocal",
          "java.util.Timer",
          "java.util.TimerTask",
          "java.util.concurrent.BlockingQueue",
          "java.util.concurrent.BlockingDeque",
          "java.util.concurrent.CompletableFuture",
          "java.util.concurrent.CompletionService",
          "java.util.concurrent.CountDownLatch",
          "java.util.concurrent.CyclicBarrier",
          "java.util.concurrent.Exchanger",
          "java.util.concurrent.Executor",
          "java.util.concurrent.Executors",
          "java.util.concurrent.Flow",
          "java.util.concurrent.ForkJoinTask",
          "java.util.concurrent.Future",
          "java.util.concurrent.Phaser",
          "java.util.concurrent.Semaphore",
          "java.util.concurrent.ThreadFactory",
          "java.util.concurrent.ThreadLocalRandom");

  private static final Set<String> THREAD_CALLS =
      Set.of(
          "java.util.Collection.parallelStream",
          "java.util.stream.BaseStream.parallel",
          "java.util.Arrays.parallelPrefix",
          "java.util.Arrays.parallelSetAll",
          "java.util.Arrays.parallelSort",
          "java.lang.Object.wait",
          "java.lang.Object.notify",
          "java.lang.Object.notifyAll");

  private static final List<String> OUTSIDE_TYPES =
      List.of(
          "java.io.Console",
          "java.io.File",
          "java.io.FileDescriptor",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.FileReader",
          "java.io.FileWriter",
          "java.io.RandomAccessFile",
          "java.io.ObjectInputStream",
          "java.io.ObjectOutputStream",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime");

  private static final Set<String> OUTSIDE_ACCESSES =
      Set.of(
          "java.lang.System.in",
          "java.lang.System.out",
          "java.lang.System.err",
          "java.lang.System.getenv",
          "java.lang.System.getProperty",
          "java.lang.System.getLogger",
          "java.lang.System.exit");

  private PurityRules() {}

  static ArchRule noClockInDomainAndApplication(House house) {
    return classes()
        .that()
        .resideInAnyPackage(house.below(Module.DOMAIN), house.below(Module.APPLICATION))
        .should(neither("read the clock or draw lots", PurityRules::isClockOrChance))
        .allowEmptyShould(true);
  }

  static ArchRule noThreadsInDomain(House house) {
    return ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage(house.below(Module.DOMAIN))
        .should()
        .dependOnClassesThat(
            oneOf("a thread or a means to coordinate threads", THREAD_TYPES)
                .or(JavaClass.Predicates.resideInAPackage("java.util.concurrent.locks..")))
        .allowEmptyShould(true);
  }

  static ArchRule noParallelCallsInDomain(House house) {
    return classes()
        .that()
        .resideInAPackage(house.below(Module.DOMAIN))
        .should(neither("work in parallel", access -> is(access, THREAD_CALLS)))
        .allowEmptyShould(true);
  }

  static ArchRule noInputOrOutputInDomain(House house) {
    return ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage(house.below(Module.DOMAIN))
        .should()
        .dependOnClassesThat(
            oneOf("a door to files, processes or Java serialisation", OUTSIDE_TYPES)
                .or(
                    JavaClass.Predicates.resideInAnyPackage(
                        "java.net..",
                        "java.nio.channels..",
                        "java.nio.file..",
                        "java.rmi..",
                        "java.sql..",
                        "java.util.logging..",
                        "java.util.prefs..")))
        .allowEmptyShould(true);
  }

  static ArchRule noProcessStateInDomain(House house) {
    return classes()
        .that()
        .resideInAPackage(house.below(Module.DOMAIN))
        .should(
            neither(
                "use the process's streams or settings", access -> is(access, OUTSIDE_ACCESSES)))
        .allowEmptyShould(true);
  }

  private static boolean isClockOrChance(JavaAccess<?> access) {
    return is(access, CLOCK_CALLS)
        || is(access, CHANCE_CALLS)
        || isNow(access)
        || isSelfSeeded(access)
        || isUnseededShuffle(access);
  }

  /** {@code Instant.now()} and its like; {@code now(Clock)} is allowed, its clock was passed in. */
  private static boolean isNow(JavaAccess<?> access) {
    return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
        && target.getName().equals("now")
        && target.getOwner().getPackageName().startsWith("java.time")
        && target.getRawParameterTypes().stream()
            .noneMatch(type -> type.isEquivalentTo(Clock.class));
  }

  private static boolean isSelfSeeded(JavaAccess<?> access) {
    return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
        && target.getName().equals("<init>")
        && target.getRawParameterTypes().isEmpty()
        && SELF_SEEDED_TYPES.contains(target.getOwner().getName());
  }

  private static boolean isUnseededShuffle(JavaAccess<?> access) {
    return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
        && target.getName().equals("shuffle")
        && target.getOwner().getName().equals("java.util.Collections")
        && target.getRawParameterTypes().size() == 1;
  }

  /** Whether the target is one of these members, declared by its owner or inherited from above. */
  private static boolean is(JavaAccess<?> access, Set<String> members) {
    String member = "." + access.getTarget().getName();
    JavaClass owner = access.getTargetOwner();
    return members.contains(owner.getName() + member)
        || owner.getAllRawSuperclasses().stream()
            .anyMatch(type -> members.contains(type.getName() + member))
        || owner.getAllRawInterfaces().stream()
            .anyMatch(type -> members.contains(type.getName() + member));
  }

  private static DescribedPredicate<JavaClass> oneOf(String description, List<String> names) {
    return DescribedPredicate.describe(
        description,
        type -> names.contains(type.getName()) || names.stream().anyMatch(type::isAssignableTo));
  }

  private static ArchCondition<JavaClass> neither(
      String description, java.util.function.Predicate<JavaAccess<?>> forbidden) {
    return new ArchCondition<>("not " + description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getAccessesFromSelf().stream()
            .filter(forbidden)
            .forEach(
                access -> events.add(SimpleConditionEvent.violated(type, access.getDescription())));
      }
    };
  }
}
