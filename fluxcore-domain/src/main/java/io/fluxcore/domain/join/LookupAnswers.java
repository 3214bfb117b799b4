package io.fluxcore.domain.join;

import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.AsyncCalls;
import io.fluxcore.domain.operator.LookupReading;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.RetryPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the keys that rows wait for: remembers answers, asks for each key that is not
 * known once, for several in one call, no more calls at once than allowed, and again as the node's
 * error policy says. Not thread-safe.
 */
final class LookupAnswers {
  private static final float LOAD = 0.75f;

  private final LookupCalls settings;
  private final @Nullable LookupCache cache;
  private final LookupReader reader;
  private final FoundCheck check;
  private final AsyncCalls async;
  private final @Nullable RetryPolicy retry;
  private final String operatorId;
  private final int largestBatch;
  private final Consumer<Output> answered;
  private final Map<LookupKey, Remembered> remembered;
  private final Map<LookupKey, Ask> asked = new HashMap<>();
  private final Deque<Ask> unasked = new ArrayDeque<>();
  private long nowMillis;
  private int inFlight;
  private long hits;
  private long shared;
  private long misses;
  private long calls;
  private long failedCalls;

  /** A key that is not known, and the rows that wait for it. */
  private record Ask(LookupKey key, List<WaitingRow> rows) {}

  /** An answer, and the processing time up to which it counts. */
  private record Remembered(Found found, long untilMillis) {}

  /**
   * The answers of a subtask.
   *
   * @param answered is called when rows have got their answers
   */
  LookupAnswers(
      LookupJoin join,
      LookupReader reader,
      Schema fields,
      OperatorContext context,
      Consumer<Output> answered) {
    this.settings = join.calls();
    this.cache = join.cache();
    this.reader = reader;
    this.check = new FoundCheck(fields);
    this.async = context.async();
    this.retry = context.failures().retries().policy();
    this.operatorId = context.operatorId();
    this.largestBatch = Math.min(settings.largestBatch(), reader.largestBatch());
    this.answered = answered;
    int entries = cache == null ? 0 : cache.entries();
    this.remembered =
        new LinkedHashMap<>(16, LOAD, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<LookupKey, Remembered> eldest) {
            return size() > entries;
          }
        };
  }

  void processingTime(long newMillis) {
    nowMillis = newMillis;
  }

  /** What is remembered of a key, or null: it is to be asked for. */
  @Nullable Found known(LookupKey key) {
    Remembered answer = remembered.get(key);
    if (answer == null) {
      return null;
    }
    if (answer.untilMillis() <= nowMillis) {
      remembered.remove(key);
      return null;
    }
    hits++;
    return answer.found();
  }

  /** Has a row wait for the answer of its key, which {@link #dispatch} asks for. */
  void await(LookupKey key, WaitingRow row) {
    Ask same = asked.get(key);
    if (same != null) {
      shared++;
      same.rows().add(row);
      return;
    }
    misses++;
    Ask ask = new Ask(key, new ArrayList<>(1));
    ask.rows().add(row);
    asked.put(key, ask);
    unasked.add(ask);
  }

  /** Whether there are keys for which no call is free. */
  boolean hasUnasked() {
    return !unasked.isEmpty();
  }

  /** Asks for what is not known, in as many calls as may be. */
  void dispatch() {
    while (inFlight < settings.inFlight() && !unasked.isEmpty()) {
      List<Ask> together = new ArrayList<>();
      while (together.size() < largestBatch && !unasked.isEmpty()) {
        together.add(unasked.remove());
      }
      inFlight++;
      call(together, 1, Duration.ZERO);
    }
  }

  private void call(List<Ask> together, int attempt, Duration delay) {
    calls++;
    List<List<Object>> keys = together.stream().map(ask -> ask.key().values()).toList();
    async.call(
        delay,
        settings.timeout(),
        () -> check.checked(keys, reader.ask(keys)),
        new AsyncCalls.Completion<>() {
          @Override
          public void succeeded(List<Found> found, Output out) {
            for (int i = 0; i < together.size(); i++) {
              remember(together.get(i).key(), found.get(i));
              answer(together.get(i), found.get(i), attempt);
            }
            ended(out);
          }

          @Override
          public void failed(Exception failure, Output out) {
            failedCalls++;
            RetryPolicy policy = retry;
            if (policy != null && attempt <= policy.attempts() && mayHelp(failure)) {
              call(together, attempt + 1, policy.delayBefore(attempt));
              return;
            }
            for (Ask ask : together) {
              answer(ask, Found.failed(error(ask.key(), failure, attempt)), attempt);
            }
            ended(out);
          }
        });
  }

  private void ended(Output out) {
    inFlight--;
    dispatch();
    answered.accept(out);
  }

  /** What the table cannot do at all it cannot do later. */
  private static boolean mayHelp(Exception failure) {
    return !(failure instanceof FluxCoreException known) || known.category() != ErrorCategory.USER;
  }

  private RecordException error(LookupKey key, Exception failure, int attempts) {
    return new RecordException(
        "FLX-JOIN-0002",
        "'"
            + operatorId
            + "' got no answer for the key "
            + key
            + (attempts == 1 ? "" : " in " + attempts + " attempts")
            + ": "
            + (failure.getMessage() == null ? failure.toString() : failure.getMessage()),
        failure);
  }

  private void answer(Ask ask, Found found, int attempts) {
    asked.remove(ask.key());
    for (WaitingRow row : ask.rows()) {
      row.found = found;
      row.attempts = attempts;
    }
  }

  private void remember(LookupKey key, Found found) {
    LookupCache limits = cache;
    if (limits == null || found.error() != null) {
      return;
    }
    Duration life = found.rows().isEmpty() ? limits.absentTimeToLive() : limits.timeToLive();
    if (!life.isZero()) {
      remembered.put(key, new Remembered(found, end(nowMillis, life.toMillis())));
    }
  }

  /** Never less than a millisecond, and no overflow. */
  private static long end(long now, long life) {
    long end = now + Math.max(1, life);
    return end < now ? Long.MAX_VALUE : end;
  }

  LookupReading reading(int waitingRows) {
    return new LookupReading(
        hits, shared, misses, calls, failedCalls, remembered.size(), waitingRows, inFlight);
  }
}
