package io.fluxcore.adapters.out.elasticsearch;

import io.fluxcore.adapters.out.outside.Patience;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Sends rows in bulk requests, of which a few are under way while the next is made. They are
 * settled in the order in which they were sent: what the server did not take now is sent again with
 * rising pauses, what it never takes is told. Two requests that are under way together never have a
 * document in common, so that the last row of a document is the one that stays.
 *
 * <p>What was taken stays with the writer until it is settled: when the server does not answer in
 * time, the next call goes on with it.
 */
final class BulkWriter implements SinkWriter {
  private final ElasticsearchOptions options;
  private final Operations operations;
  private final Cluster cluster;
  private final Deque<Sent> underWay = new ArrayDeque<>();
  private Bulk next = new Bulk();
  private RecordFailures failures = RecordFailures.FAIL;

  /** A request that is not settled; without an answer to wait for it is to be sent again. */
  private static final class Sent {
    private final Bulk bulk;
    private final @Nullable CompletableFuture<List<Verdict>> answer;
    private final @Nullable BulkFailure why;

    /** One that is under way. */
    private Sent(Bulk bulk, CompletableFuture<List<Verdict>> answer) {
      this.bulk = bulk;
      this.answer = answer;
      this.why = null;
    }

    /** One that is to be sent again. */
    private Sent(Bulk bulk, @Nullable BulkFailure why) {
      this.bulk = bulk;
      this.answer = null;
      this.why = why;
    }
  }

  BulkWriter(ElasticsearchOptions options, Schema rows, Cluster cluster) {
    this.options = options;
    this.operations = new Operations(options, rows);
    this.cluster = cluster;
  }

  @Override
  public void write(EventBatch batch, RecordFailures newFailures) {
    failures = newFailures;
    Operations.OfBatch rows = operations.of(batch);
    for (int i = 0; i < batch.size(); i++) {
      if (next.size() >= options.batchSize() || next.bytes() >= options.batchBytes()) {
        send(i);
      }
      try {
        Operation operation = rows.of(i);
        if (operation != null) {
          next.add(operation);
        }
      } catch (RecordException e) {
        failures.failed(batch, batch.row(i), e);
      }
    }
  }

  private void send(int taken) {
    while (underWay.size() >= options.requests() || meetsOneUnderWay()) {
      settleFirst(taken);
    }
    underWay.add(new Sent(next, cluster.send(next.operations())));
    next = new Bulk();
  }

  private boolean meetsOneUnderWay() {
    return underWay.stream().anyMatch(sent -> sent.bulk.meets(next));
  }

  @Override
  public void flush() {
    if (!next.isEmpty()) {
      send(0);
    }
    while (!underWay.isEmpty()) {
      settleFirst(0);
    }
  }

  /**
   * Settles the oldest request, or the first part of it if it was too large.
   *
   * @param taken how many rows of the batch at hand belong to the writer by now
   */
  private void settleFirst(int taken) {
    Sent sent = underWay.removeFirst();
    Patience patience = new Patience(options.retryTimeout());
    while (!sent.bulk.isEmpty()) {
      BulkFailure why;
      try {
        sent = judge(sent.bulk, await(sent), patience.attempts());
        why = sent.why;
      } catch (BulkFailure e) {
        if (e.kind() == BulkFailure.Kind.TOO_LARGE) {
          halve(sent.bulk, e);
          return;
        }
        throwIfFinal(e);
        sent = new Sent(sent.bulk, e);
        why = e;
      }
      if (why != null && !patience.again()) {
        underWay.addFirst(sent);
        throw ElasticsearchErrors.noAnswer(options, why.reason(), taken, why.getCause());
      }
    }
  }

  /** The answer to a request, which is sent if it was not. */
  private List<Verdict> await(Sent sent) throws BulkFailure {
    CompletableFuture<List<Verdict>> answer = sent.answer;
    if (answer == null) {
      answer = cluster.send(sent.bulk.operations());
    }
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BulkFailure failure) {
        throw failure;
      }
      throw new IllegalStateException("a request failed unexpectedly", e.getCause());
    } catch (InterruptedException e) {
      throw Patience.interrupted(e);
    }
  }

  /** What is to be sent again of a request that was answered. */
  private Sent judge(Bulk bulk, List<Verdict> verdicts, int attempts) {
    List<Operation> later = new ArrayList<>();
    BulkFailure why = null;
    for (int i = 0; i < verdicts.size(); i++) {
      Operation operation = bulk.operations().get(i);
      Verdict verdict = verdicts.get(i);
      switch (verdict.kind()) {
        case DONE -> {}
        case LATER -> {
          later.add(operation);
          why = new BulkFailure(BulkFailure.Kind.LATER, verdict.reason(), null);
        }
        case REFUSED -> refuse(operation, verdict.reason(), attempts);
        case IMPOSSIBLE -> {
          if (!options.index().hasFields()) {
            throw ElasticsearchErrors.missing(options, verdict.reason());
          }
          refuse(operation, verdict.reason(), attempts);
        }
      }
    }
    return new Sent(Bulk.of(later), why);
  }

  private void refuse(Operation operation, String reason, int attempts) {
    failures.failed(
        operation.batch(), operation.row(), ElasticsearchErrors.row(operation, reason), attempts);
  }

  /** Puts two halves in the place of a request. */
  private void halve(Bulk bulk, BulkFailure why) {
    if (bulk.size() == 1) {
      refuse(bulk.operations().get(0), why.reason(), 1);
      return;
    }
    underWay.addFirst(new Sent(bulk.secondHalf(), why));
    underWay.addFirst(new Sent(bulk.firstHalf(), why));
  }

  private void throwIfFinal(BulkFailure e) {
    switch (e.kind()) {
      case FORBIDDEN -> throw ElasticsearchErrors.refused(options, e.reason(), e.getCause());
      case FATAL -> throw ElasticsearchErrors.failed(options, e.reason(), e.getCause());
      case LATER, TOO_LARGE -> {}
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
