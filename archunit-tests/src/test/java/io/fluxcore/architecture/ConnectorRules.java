package io.fluxcore.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One folder per connector, with one public door for each of its kinds: sink and lookup. */
final class ConnectorRules {

  private ConnectorRules() {}

  /**
   * A connector's folder has public top-level types that are connectors, at least one, and of each
   * kind one at most.
   */
  static ArchRule onePublicDoor(House house) {
    return classes()
        .that(Folders.areInAConnectorFolder(house))
        .should(haveOneDoorPerFolder(house))
        .allowEmptyShould(true);
  }

  /** From outside a connector's folder only its door is used, not even what deeper folders show. */
  static ArchRule onlyTheDoorIsUsed(House house) {
    return classes()
        .that()
        .resideInAPackage(house.base() + "..")
        .should(enterConnectorsByTheirDoor(house))
        .allowEmptyShould(true);
  }

  private static ArchCondition<JavaClass> haveOneDoorPerFolder(House house) {
    return new ArchCondition<>("have exactly one public door per folder, which is a connector") {

      private final Map<String, List<JavaClass>> doors = new TreeMap<>();

      @Override
      public void init(Collection<JavaClass> all) {
        doors.clear();
      }

      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String folder = Folders.connectorFolderOf(house, type).orElseThrow();
        List<JavaClass> known = doors.computeIfAbsent(folder, name -> new ArrayList<>());
        if (isDoor(house, type, folder)) {
          known.add(type);
        }
      }

      @Override
      public void finish(ConditionEvents events) {
        doors.forEach((folder, types) -> judge(folder, types, events));
      }

      private void judge(String folder, List<JavaClass> types, ConditionEvents events) {
        if (types.isEmpty() || hasTwoOfAKind(house, types)) {
          List<String> names = types.stream().map(JavaClass::getSimpleName).sorted().toList();
          events.add(
              SimpleConditionEvent.violated(
                  folder, folder + " has " + types.size() + " public doors " + names));
        }
        types.stream()
            .filter(type -> !isConnector(house, type))
            .forEach(
                type ->
                    events.add(
                        SimpleConditionEvent.violated(
                            type, type.getName() + " implements no connector of " + spi(house))));
      }
    };
  }

  private static ArchCondition<JavaClass> enterConnectorsByTheirDoor(House house) {
    return new ArchCondition<>("enter a connector by its door") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> isSideEntrance(house, dependency))
            .forEach(
                dependency ->
                    events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
      }
    };
  }

  private static boolean isSideEntrance(House house, Dependency dependency) {
    JavaClass target = dependency.getTargetClass().getBaseComponentType();
    String folder = Folders.connectorFolderOf(house, target).orElse("");
    boolean fromInside =
        Folders.connectorFolderOf(house, dependency.getOriginClass())
            .filter(folder::equals)
            .isPresent();
    return !folder.isEmpty() && !fromInside && !isDoor(house, target, folder);
  }

  private static boolean isDoor(House house, JavaClass type, String folder) {
    return type.isTopLevelClass()
        && type.getModifiers().contains(JavaModifier.PUBLIC)
        && house.relativePackageOf(type).equals(folder);
  }

  private static boolean isConnector(House house, JavaClass type) {
    return type.getAllRawInterfaces().stream()
        .filter(contract -> contract.getPackageName().equals(spi(house)))
        .anyMatch(contract -> contract.getSimpleName().endsWith("Connector"));
  }

  private static boolean hasTwoOfAKind(House house, List<JavaClass> types) {
    List<String> kinds =
        types.stream()
            .flatMap(type -> type.getAllRawInterfaces().stream())
            .filter(contract -> contract.getPackageName().equals(spi(house)))
            .map(JavaClass::getSimpleName)
            .toList();
    return kinds.size() != Set.copyOf(kinds).size()
        || (types.size() > 1 && kinds.size() != types.size());
  }

  private static String spi(House house) {
    return house.base() + ".application.connector";
  }
}
