package io.fluxcore.domain.pattern;

import java.util.ArrayList;
import java.util.List;

/**
 * When a transition is taken: conditions joined by and, or, not, as alternatives each of which
 * names conditions that must be true and conditions that must not be. A condition is a bit, its
 * number in the program. Immutable.
 *
 * @param required of each alternative, the conditions that must be true
 * @param forbidden of each alternative, the conditions that must not be true
 */
public record Guard(List<Long> required, List<Long> forbidden) {
  /** Conditions that a program may have. */
  public static final int MAX_CONDITIONS = 64;

  /** Always. */
  public static final Guard ALWAYS = new Guard(List.of(0L), List.of(0L));

  /** Never. */
  public static final Guard NEVER = new Guard(List.of(), List.of());

  public Guard {
    required = List.copyOf(required);
    forbidden = List.copyOf(forbidden);
  }

  /** When a condition is true. */
  public static Guard condition(int number) {
    if (number < 0 || number >= MAX_CONDITIONS) {
      throw new IllegalArgumentException("condition " + number + " of " + MAX_CONDITIONS);
    }
    return new Guard(List.of(1L << number), List.of(0L));
  }

  public Guard and(Guard other) {
    List<Long> must = new ArrayList<>();
    List<Long> mustNot = new ArrayList<>();
    for (int i = 0; i < required.size(); i++) {
      for (int j = 0; j < other.required.size(); j++) {
        long yes = required.get(i) | other.required.get(j);
        long no = forbidden.get(i) | other.forbidden.get(j);
        if ((yes & no) == 0) {
          must.add(yes);
          mustNot.add(no);
        }
      }
    }
    return absorbed(must, mustNot);
  }

  public Guard or(Guard other) {
    List<Long> must = new ArrayList<>(required);
    List<Long> mustNot = new ArrayList<>(forbidden);
    must.addAll(other.required);
    mustNot.addAll(other.forbidden);
    return absorbed(must, mustNot);
  }

  public Guard not() {
    Guard result = ALWAYS;
    for (int i = 0; i < required.size(); i++) {
      List<Long> must = new ArrayList<>();
      List<Long> mustNot = new ArrayList<>();
      for (long left = required.get(i); left != 0; left &= left - 1) {
        must.add(0L);
        mustNot.add(Long.lowestOneBit(left));
      }
      for (long left = forbidden.get(i); left != 0; left &= left - 1) {
        must.add(Long.lowestOneBit(left));
        mustNot.add(0L);
      }
      result = result.and(new Guard(must, mustNot));
    }
    return result;
  }

  /** Without alternatives that hold only where another one does. */
  private static Guard absorbed(List<Long> must, List<Long> mustNot) {
    List<Long> required = new ArrayList<>();
    List<Long> forbidden = new ArrayList<>();
    for (int i = 0; i < must.size(); i++) {
      boolean absorbed = false;
      for (int j = 0; j < must.size() && !absorbed; j++) {
        boolean covers =
            (must.get(j) & ~must.get(i)) == 0 && (mustNot.get(j) & ~mustNot.get(i)) == 0;
        boolean same = must.get(j).equals(must.get(i)) && mustNot.get(j).equals(mustNot.get(i));
        absorbed = i != j && covers && (!same || j < i);
      }
      if (!absorbed) {
        required.add(must.get(i));
        forbidden.add(mustNot.get(i));
      }
    }
    return new Guard(required, forbidden);
  }

  /** Whether it may hold when all of these are false, whatever the others are. */
  boolean mayHoldWithout(long conditions) {
    for (long must : required) {
      if ((must & conditions) == 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether it holds, whatever the conditions are that are not among these, when these are so. */
  boolean mustHold(long conditions, long values) {
    for (int i = 0; i < required.size(); i++) {
      long decided = required.get(i) | forbidden.get(i);
      if ((decided & ~conditions) == 0
          && (required.get(i) & ~values) == 0
          && (forbidden.get(i) & values) == 0) {
        return true;
      }
    }
    return false;
  }

  /** Conditions that it names. */
  long conditions() {
    long all = 0;
    for (int i = 0; i < required.size(); i++) {
      all |= required.get(i) | forbidden.get(i);
    }
    return all;
  }

  @Override
  public String toString() {
    if (equals(ALWAYS)) {
      return "always";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < required.size(); i++) {
      text.append(i == 0 ? "" : " or ");
      int length = text.length();
      for (int c = 0; c < MAX_CONDITIONS; c++) {
        if ((required.get(i) >>> c & 1) != 0) {
          text.append(text.length() == length ? "" : " and ").append('c').append(c);
        }
        if ((forbidden.get(i) >>> c & 1) != 0) {
          text.append(text.length() == length ? "" : " and ").append("not c").append(c);
        }
      }
    }
    return text.isEmpty() ? "never" : text.toString();
  }
}
