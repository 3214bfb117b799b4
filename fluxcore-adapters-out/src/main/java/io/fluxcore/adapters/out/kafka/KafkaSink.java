package io.fluxcore.adapters.out.kafka;

import io.fluxcore.adapters.out.kafka.CoordinatorClient.Answer;
import io.fluxcore.application.connector.SinkOwner;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TwoPhaseSink;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.operator.RecordFailures;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Messages in transactions of the brokers, which are left open between barrier and commit (ADR
 * 021). The commit of a transaction whose producer is alive goes through it. That of one whose
 * producer is gone is asked of the transaction's coordinator with the producer's id and epoch,
 * which the handle holds, so that it needs nothing of the process that wrote the rows.
 *
 * <p>A transactional id is used for one transaction after the other, but only where the brokers
 * count them by epochs, and only after the last one was committed. So it can be seen what became of
 * a transaction though its id has been used again: see {@link #outcome}.
 */
final class KafkaSink implements TwoPhaseSink {
  private static final System.Logger LOG = System.getLogger(KafkaSink.class.getName());

  private final KafkaSettings settings;
  private final RowRecords.Factory records;

  /** Producers whose transactions wait for their commit, and are alive. */
  private final Map<PreparedTransaction, CommitsInProcess> alive = new ConcurrentHashMap<>();

  KafkaSink(KafkaSettings settings, RowRecords.Factory records) {
    this.settings = settings;
    this.records = records;
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void check() {
    try (Brokers brokers = new Brokers(settings)) {
      brokers.check();
    }
  }

  @Override
  public Changes takes() {
    return records.encoders().takes();
  }

  @Override
  public SinkWriter createWriter(WriterContext context) {
    return new TransactionWriter(settings, records, context, alive);
  }

  @Override
  public void settle(
      SinkOwner owner, List<CommitHandle> registered, Unknown unknown, RecordFailures failures) {
    try (Brokers brokers = new Brokers(settings)) {
      brokers.check();
      refuseStale(brokers, owner);
      fence(brokers, List.of(TransactionId.ofOwner(settings.transactionalIdPrefix(), owner)));
      List<PreparedTransaction> known = registered.stream().map(PreparedTransaction::of).toList();
      commit(brokers, owner, known);
      if (unknown == Unknown.TAKE_BACK) {
        takeBack(brokers, owner);
      }
    }
  }

  @Override
  public void commit(SinkOwner owner, List<CommitHandle> handles, RecordFailures failures) {
    List<PreparedTransaction> rest = new ArrayList<>();
    for (CommitHandle handle : handles) {
      PreparedTransaction prepared = PreparedTransaction.of(handle);
      CommitsInProcess producer = alive.get(prepared);
      if (producer == null || !producer.commit(prepared)) {
        rest.add(prepared);
      }
    }
    if (!rest.isEmpty()) {
      try (Brokers brokers = new Brokers(settings)) {
        commit(brokers, owner, rest);
      }
    }
  }

  /** Commits transactions whose producers are gone. */
  private void commit(Brokers brokers, SinkOwner owner, List<PreparedTransaction> transactions) {
    if (transactions.isEmpty()) {
      return;
    }
    boolean counting = brokers.countsTransactions();
    try (CoordinatorClient coordinators = new CoordinatorClient(settings)) {
      for (PreparedTransaction prepared : transactions) {
        if (coordinators.commit(prepared, counting) == Answer.REFUSED) {
          judge(brokers, owner, prepared);
        }
      }
    }
  }

  private void judge(Brokers brokers, SinkOwner owner, PreparedTransaction prepared) {
    switch (outcome(describe(brokers, prepared.id()), prepared)) {
      case COMMITTED -> LOG.log(Level.DEBUG, "{0} was committed before", prepared);
      case UNKNOWN ->
          LOG.log(
              Level.WARNING,
              "the brokers at {0} have forgotten transaction {1} with {2} messages, which happens"
                  + " days after its end; it is taken for committed",
              settings.servers(),
              prepared.id(),
              Long.toString(prepared.rows()));
      case GIVEN_UP -> {
        refuseStale(brokers, owner);
        lost(prepared);
      }
    }
  }

  private void lost(PreparedTransaction prepared) {
    FluxCoreException loss =
        KafkaErrors.external(
            KafkaErrors.LOST_TRANSACTION,
            "transaction " + prepared.id(),
            prepared.rows()
                + " messages of a completed checkpoint are lost: the brokers at "
                + settings.servers()
                + " have given up transaction "
                + prepared.id()
                + ", because it was not committed within transactionTimeout ("
                + settings.transactionTimeout()
                + ")",
            "start from an older savepoint to have them written again, or set onLostTransaction:"
                + " continue to go on without them; and give a longer transactionTimeout",
            null);
    if (!settings.continueAfterLoss()) {
      throw loss;
    }
    LOG.log(Level.ERROR, loss.getMessage());
  }

  /** What became of a transaction that cannot be committed. */
  enum Outcome {
    COMMITTED,
    GIVEN_UP,
    UNKNOWN
  }

  /**
   * What became of a transaction that cannot be committed with the epoch that it was prepared with.
   * Its id was used again only if it was committed before, so that an id whose last transaction is
   * another one, which began later, says that it was. If the id is known as aborted and its last
   * transaction is this one, brokers have given it up.
   *
   * @param now null: the brokers do not know the id
   */
  static Outcome outcome(@Nullable TransactionDescription now, PreparedTransaction prepared) {
    if (now == null) {
      return Outcome.UNKNOWN;
    }
    if (now.producerId() != prepared.producerId()) {
      return Outcome.COMMITTED;
    }
    if (now.producerEpoch() <= prepared.epoch()) {
      return now.state() == TransactionState.COMPLETE_COMMIT
              || now.state() == TransactionState.PREPARE_COMMIT
          ? Outcome.COMMITTED
          : Outcome.GIVEN_UP;
    }
    boolean isAborted =
        now.state() == TransactionState.COMPLETE_ABORT
            || now.state() == TransactionState.PREPARE_ABORT
            || now.state() == TransactionState.PREPARE_EPOCH_FENCE;
    return isAborted
            && now.transactionStartTimeMs().orElse(prepared.beganMillis()) == prepared.beganMillis()
        ? Outcome.GIVEN_UP
        : Outcome.COMMITTED;
  }

  /** How a transaction is now; null if the brokers do not know it. */
  static @Nullable TransactionDescription describe(Brokers brokers, String id) {
    return brokers
        .asking(
            "look at transaction " + id,
            admin -> {
              try {
                return Optional.of(admin.describeTransactions(List.of(id)).description(id).get());
              } catch (ExecutionException e) {
                if (e.getCause() instanceof TransactionalIdNotFoundException) {
                  return Optional.<TransactionDescription>empty();
                }
                throw e;
              }
            })
        .orElse(null);
  }

  private Collection<TransactionListing> transactions(Brokers brokers, SinkOwner owner) {
    String prefix = TransactionId.prefix(settings.transactionalIdPrefix(), owner);
    return brokers
        .asking("list transactions", admin -> admin.listTransactions().all().get())
        .stream()
        .filter(listed -> listed.transactionalId().startsWith(prefix))
        .toList();
  }

  private void refuseStale(Brokers brokers, SinkOwner owner) {
    String prefix = TransactionId.prefix(settings.transactionalIdPrefix(), owner);
    for (TransactionListing listed : transactions(brokers, owner)) {
      Long token = TransactionId.token(prefix, listed.transactionalId());
      if (token != null && token > owner.token().value()) {
        throw KafkaErrors.stale(owner, token);
      }
    }
  }

  /**
   * Ends what is open, so that nobody waits for it, and nobody goes on: what a snapshot knows has
   * been committed.
   */
  private void takeBack(Brokers brokers, SinkOwner owner) {
    List<String> left =
        transactions(brokers, owner).stream()
            .filter(listed -> listed.state() == TransactionState.ONGOING)
            .map(TransactionListing::transactionalId)
            .toList();
    if (!left.isEmpty()) {
      fence(brokers, left);
      LOG.log(Level.INFO, "took back {0} unfinished transactions: {1}", left.size(), left);
    }
  }

  static void fence(Brokers brokers, Collection<String> ids) {
    brokers.asking("end transactions", admin -> admin.fenceProducers(ids).all().get());
  }

  @Override
  public String toString() {
    return "kafka sink to " + settings;
  }
}
