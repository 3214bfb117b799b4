package io.fluxcore.domain.pattern;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One step of a {@link Pattern}: events of one name, or a group of stages.
 *
 * @param name unique within the pattern; null for a group
 * @param group the stages of a group; null for events
 * @param contiguity how it lies to the stage before; of the first stage without meaning
 * @param condition what its events must be; null where any will do
 * @param until which event ends a loop, and is not a part of it; null where none does
 * @param quantifier how often it comes
 * @param withinPrevious the time since the event before is less than this; null for no bound
 */
public record PatternStage(
    @Nullable String name,
    @Nullable Pattern group,
    Contiguity contiguity,
    @Nullable PatternCondition condition,
    @Nullable PatternCondition until,
    Quantifier quantifier,
    @Nullable Duration withinPrevious) {

  static PatternStage named(String name, Contiguity contiguity) {
    return new PatternStage(name, null, contiguity, null, null, Quantifier.ONE, null);
  }

  static PatternStage ofGroup(Pattern group, Contiguity contiguity) {
    return new PatternStage(null, group, contiguity, null, null, Quantifier.ONE, null);
  }

  PatternStage with(PatternCondition newCondition) {
    return new PatternStage(
        name, group, contiguity, newCondition, until, quantifier, withinPrevious);
  }

  PatternStage withUntil(PatternCondition newUntil) {
    return new PatternStage(
        name, group, contiguity, condition, newUntil, quantifier, withinPrevious);
  }

  PatternStage with(Quantifier newQuantifier) {
    return new PatternStage(
        name, group, contiguity, condition, until, newQuantifier, withinPrevious);
  }

  PatternStage withinPrevious(Duration time) {
    return new PatternStage(name, group, contiguity, condition, until, quantifier, time);
  }

  boolean isPortable() {
    return (group == null || group.isPortable())
        && (condition == null || condition.isPortable())
        && (until == null || until.isPortable());
  }

  @Override
  public String toString() {
    return (group == null ? name : "(" + group.describeStages() + ")")
        + quantifier
        + (condition == null ? "" : "[" + condition + "]")
        + (until == null ? "" : " until [" + until + "]")
        + (withinPrevious == null ? "" : " within " + withinPrevious + " of the previous");
  }
}
