package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.pattern.PatternLimits;
import io.fluxcore.domain.rowpattern.RowPatternProgram.Instruction;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Searches the rows of one key at a time. Threads are kept in the order in which they are
 * preferred, so that one that finds a match ends those behind it, and a match is the one that is
 * meant when no thread is left before it. Of threads at the same instruction that cannot find
 * anything different the preferred one is kept. Used by one thread.
 */
final class RowMatcher {
  /** Steps of threads after a row has come; beyond that its search takes too long. */
  static final long MAX_STEPS = 20_000_000;

  private final RowPatternProgram program;
  private final Instruction[] instructions;
  private final BoundDefinitions definitions;
  private final RowMatching matching;
  private final PatternLimits limits;
  private final int measuresAhead;
  private final int back;
  private final int clockTick;
  private final BitSet skipTo = new BitSet();

  private final BitSet seenByAll = new BitSet();
  private final Map<Object, BitSet> seen = new HashMap<>();
  private int[] stack = new int[64];

  RowMatcher(
      RowMatching matching,
      RowPatternProgram program,
      BoundDefinitions definitions,
      int measuresBack,
      int measuresAhead) {
    this.matching = matching;
    this.program = program;
    this.instructions = program.instructions().toArray(new Instruction[0]);
    this.definitions = definitions;
    this.limits = matching.limits();
    this.clockTick = matching.time() == TimeCharacteristic.PROCESSING ? 1 : 0;
    this.measuresAhead = measuresAhead;
    this.back = Math.max(measuresBack, definitions.back());
    for (int v = 0; v < program.variables().size(); v++) {
      if (matching.skip().variables().contains(program.variables().get(v))) {
        skipTo.set(v);
      }
    }
  }

  /** The time from which on no row can be in the match that is looked for any more. */
  long deadline(PartitionRows rows) {
    return matching.withinMillis() > 0 && rows.threads.stream().anyMatch(this::takesRow)
        ? rows.row(rows.start).timestamp + matching.withinMillis() - 1 + clockTick
        : Long.MAX_VALUE;
  }

  private boolean takesRow(MatchThread thread) {
    return instructions[thread.instruction()] instanceof RowPatternProgram.Match;
  }

  /**
   * Goes on as far as it can be known.
   *
   * @param now all rows up to this time have come
   * @param ended no row will come any more
   */
  void advance(PartitionRows rows, long now, boolean ended, RowMatchListener listener) {
    rows.steps = 0;
    look(rows);
    while (begin(rows, ended, listener)) {
      if (!isDecided(rows, now, ended, listener)) {
        return;
      }
      long last = rows.start + Math.max(0, MatchPath.length(rows.best) - 1);
      if (rows.found && !ended && last + measuresAhead >= rows.end()) {
        return;
      }
      conclude(rows, listener);
    }
  }

  /** Only the rows of a frame can be looked at. */
  private void look(PartitionRows rows) {
    if (matching.rowsPerMatch().isOfEachRow()) {
      rows.visibleFrom = rows.origin;
      rows.visibleTo = matching.frame() < 0 ? Long.MAX_VALUE : rows.origin + matching.frame();
    }
  }

  /** Begins a search unless one is under way; false if there is no row to begin with. */
  private boolean begin(PartitionRows rows, boolean ended, RowMatchListener listener) {
    if (rows.searching) {
      return true;
    }
    while (rows.start >= rows.end()) {
      if (!ended || rows.origin >= rows.end()) {
        return false;
      }
      listener.unmatched(rows, rows.origin); // it sought a match up to the end
      goOn(rows, rows.origin + 1);
    }
    look(rows);
    rows.searching = true;
    rows.found = false;
    rows.best = null;
    rows.next = rows.start;
    rows.threads = new ArrayList<>();
    seen.clear();
    seenByAll.clear();
    follow(0, null, rows, rows.start, false, rows.threads);
    return true;
  }

  /** Lets threads run; false if rows are missing. */
  private boolean isDecided(
      PartitionRows rows, long now, boolean ended, RowMatchListener listener) {
    while (!rows.threads.isEmpty()) {
      if (rows.next >= rows.end()) {
        if (ended) {
          end(rows);
        } else if (isBehindFrame(rows)) {
          rows.threads.clear();
        } else if (deadline(rows) <= now) {
          rows.threads.removeIf(this::takesRow); // others wait for the end, or for a row
        } else {
          return false;
        }
        continue;
      }
      HeldRow row = rows.row(rows.next);
      if (isTooLate(rows, row) || isBehindFrame(rows)) {
        rows.threads.clear();
      } else if (!ended && rows.next + definitions.ahead() >= rows.end()) {
        return false;
      } else if (!isHeldBack(rows, listener)) {
        step(rows, row);
      }
    }
    return true;
  }

  private boolean isTooLate(PartitionRows rows, HeldRow row) {
    return matching.withinMillis() > 0
        && row.timestamp - rows.row(rows.start).timestamp >= matching.withinMillis();
  }

  private boolean isBehindFrame(PartitionRows rows) {
    return matching.frame() >= 0 && rows.next - rows.origin > matching.frame();
  }

  private void step(PartitionRows rows, HeldRow row) {
    List<MatchThread> before = rows.threads;
    List<MatchThread> after = new ArrayList<>(before.size() + 2);
    seen.clear();
    seenByAll.clear();
    rows.steps += before.size();
    for (int i = 0; i < before.size(); i++) {
      MatchThread thread = before.get(i);
      if (!(instructions[thread.instruction()] instanceof RowPatternProgram.Match match)) {
        continue; // it waited for the end, and here is another row
      }
      MatchPath path = new MatchPath(thread.path(), match.variable(), match.excluded());
      if (definitions.isTrue(rows, path, row)
          && follow(thread.instruction() + 1, path, rows, rows.next + 1, false, after)) {
        break;
      }
    }
    rows.threads = after;
    rows.next++;
  }

  /** No row comes any more: only threads that waited for this go on. */
  private void end(PartitionRows rows) {
    List<MatchThread> waiting = rows.threads;
    rows.threads = new ArrayList<>();
    seen.clear();
    seenByAll.clear();
    for (MatchThread thread : waiting) {
      if (instructions[thread.instruction()] instanceof RowPatternProgram.AtEnd
          && follow(
              thread.instruction() + 1, thread.path(), rows, rows.next, true, new ArrayList<>())) {
        return;
      }
    }
  }

  /**
   * Follows a thread to all instructions that look at a row.
   *
   * @param position of the next row
   * @param isEnd whether there is none
   * @return whether it found a match, so that those behind it are not preferred
   */
  private boolean follow(
      int from,
      @Nullable MatchPath path,
      PartitionRows rows,
      long position,
      boolean isEnd,
      List<MatchThread> into) {
    BitSet visited = visited(definitions.mergeKey(rows, path));
    int depth = 0;
    stack[depth++] = from;
    while (depth > 0) {
      int at = stack[--depth];
      if (visited.get(at)) {
        continue;
      }
      visited.set(at);
      if (depth + 2 >= stack.length) {
        stack = Arrays.copyOf(stack, 2 * stack.length);
      }
      Instruction instruction = instructions[at];
      if (instruction instanceof RowPatternProgram.Match) {
        into.add(new MatchThread(at, path));
      } else if (instruction instanceof RowPatternProgram.Split split) {
        stack[depth++] = split.other();
        stack[depth++] = split.preferred();
      } else if (instruction instanceof RowPatternProgram.Jump jump) {
        stack[depth++] = jump.target();
      } else if (instruction instanceof RowPatternProgram.AtStart) {
        if (position == 0) {
          stack[depth++] = at + 1;
        }
      } else if (instruction instanceof RowPatternProgram.AtEnd) {
        if (isEnd) {
          stack[depth++] = at + 1;
        } else {
          into.add(new MatchThread(at, path));
        }
      } else {
        rows.found = true;
        rows.best = path;
        return true;
      }
    }
    return false;
  }

  private BitSet visited(Object key) {
    return key == BoundDefinitions.SAME ? seenByAll : seen.computeIfAbsent(key, k -> new BitSet());
  }

  // --- Bounds -----------------------------------------------------------------------------------

  /** Whether the search was given up, since it has come to a bound. */
  private boolean isHeldBack(PartitionRows rows, RowMatchListener listener) {
    if (rows.threads.size() > limits.perKey()) {
      giveUp(rows, "ways in which rows may match", rows.threads.size(), limits.perKey(), listener);
    } else if (rows.next - rows.start >= limits.eventsPerMatch()) {
      giveUp(
          rows, "rows of a match", rows.next - rows.start + 1, limits.eventsPerMatch(), listener);
    } else if (rows.steps > MAX_STEPS) {
      giveUp(rows, "steps of a search", rows.steps, MAX_STEPS, listener);
    } else {
      return false;
    }
    return true;
  }

  /** Leaves the rows that a search has seen. */
  void giveUp(PartitionRows rows, String bound, long value, long limit, RowMatchListener listener) {
    if (limits.policy() == PatternLimits.Policy.FAIL) {
      throw new FluxCoreException(
          ErrorCategory.RESOURCE,
          Diagnostic.error(
              "FLX-PATTERN-0032",
              Place.of("row pattern"),
              value + " " + bound + ", and the limit is " + limit,
              "give the pattern a time (WITHIN), or make its conditions narrower"));
    }
    listener.givenUp(bound, value, limit);
    rows.steps = 0;
    rows.threads.clear();
    rows.found = false;
    rows.best = null;
    long seenUpTo = Math.max(rows.next, rows.start + 1);
    while (rows.origin + 1 < seenUpTo) {
      leaveUnmatched(rows, listener);
      goOn(rows, rows.origin + 1);
    }
    rows.searching = true;
    rows.next = rows.start;
  }

  // --- What comes of it -------------------------------------------------------------------------

  private void conclude(PartitionRows rows, RowMatchListener listener) {
    long start = rows.start;
    if (!rows.found) {
      rows.searching = false;
      if (matching.rowsPerMatch() == RowsPerMatch.EACH_ROW_SEEK
          && (matching.frame() < 0 || start - rows.origin < matching.frame())) {
        rows.start++; // a match may begin behind it
        return;
      }
      leaveUnmatched(rows, listener);
      goOn(rows, rows.origin + 1);
      return;
    }
    MatchPath path = rows.best;
    long target = target(rows, path);
    listener.matched(rows, path);
    rows.matches++;
    rows.matched = Math.max(rows.matched, start + MatchPath.length(path));
    long next = Math.max(target, rows.origin + 1);
    if (matching.rowsPerMatch().isOfEachRow()) {
      for (long skipped = rows.origin + 1; skipped < next; skipped++) {
        listener.unmatched(rows, skipped);
      }
    }
    goOn(rows, next);
  }

  private void leaveUnmatched(PartitionRows rows, RowMatchListener listener) {
    if (rows.origin >= rows.matched || matching.rowsPerMatch().isOfEachRow()) {
      listener.unmatched(rows, rows.origin);
    }
  }

  private void goOn(PartitionRows rows, long position) {
    rows.searching = false;
    rows.found = false;
    rows.best = null;
    rows.threads.clear();
    rows.origin = position;
    rows.start = position;
    rows.next = position;
    rows.forgetBefore(position - back);
  }

  /** Where the next search begins. */
  private long target(PartitionRows rows, @Nullable MatchPath path) {
    if (path == null) {
      return rows.origin + 1;
    }
    return switch (matching.skip().strategy()) {
      case PAST_LAST_ROW -> rows.start + path.length;
      case TO_NEXT_ROW -> rows.origin + 1;
      case TO_FIRST, TO_LAST -> rows.start + place(path);
    };
  }

  private int place(MatchPath path) {
    int found = -1;
    for (MatchPath at = path; at != null; at = at.previous) {
      if (skipTo.get(at.variable)
          && (found < 0 || matching.skip().strategy() == RowSkip.Strategy.TO_FIRST)) {
        found = at.length - 1;
      }
    }
    if (found <= 0) {
      String variables = String.join(", ", matching.skip().variables());
      throw new FluxCoreException(
          ErrorCategory.USER,
          Diagnostic.error(
              "FLX-PATTERN-0020",
              Place.of("after a match"),
              "the match has nothing to skip to: "
                  + (found < 0
                      ? "it has no row of " + variables
                      : "its first row is one of " + variables),
              "skip to the next row or past the last row"));
    }
    return found;
  }

  /** Whether nothing of a key is worth keeping. */
  boolean isForgotten(PartitionRows rows, boolean countsMatches) {
    return rows.rows.isEmpty()
        && !program.asksForStart()
        && !countsMatches
        && rows.registered == Long.MAX_VALUE;
  }
}
