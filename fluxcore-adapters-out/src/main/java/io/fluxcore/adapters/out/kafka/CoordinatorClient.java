package io.fluxcore.adapters.out.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.DefaultHostResolver;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.common.utils.Time;

/**
 * Commits transactions whose producers are gone: asks the coordinator of a transaction to end it
 * ({@code EndTxn}), as its producer would, with the producer's id and epoch. The client has no call
 * for that, so this speaks the protocol itself, over the client's connections, which know about TLS
 * and passwords. It is the only class that uses what is not the client's public face. For one
 * thread.
 */
final class CoordinatorClient implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int CONNECT_MILLIS = 5_000;
  private static final int ANSWER_MILLIS = 10_000;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final KafkaSettings settings;
  private final Metrics metrics = new Metrics();
  private final NetworkClient client;
  private final List<InetSocketAddress> bootstrap;
  private final Map<String, Node> coordinators = new HashMap<>();

  /** What became of a commit. */
  enum Answer {
    COMMITTED,
    /** The coordinator does not know such a transaction as one that could be committed. */
    REFUSED
  }

  CoordinatorClient(KafkaSettings settings) {
    this.settings = settings;
    try {
      AdminClientConfig config = new AdminClientConfig(settings.client().settings());
      bootstrap = ClientUtils.parseAndValidateAddresses(config);
      client =
          ClientUtils.createNetworkClient(
              config,
              "fluxcore-coordinator-client",
              metrics,
              "fluxcore-coordinator-client",
              new LogContext(),
              new ApiVersions(),
              Time.SYSTEM,
              1,
              ANSWER_MILLIS,
              null,
              new ManualMetadataUpdater(),
              new DefaultHostResolver(),
              null,
              null);
    } catch (KafkaException e) {
      metrics.close();
      throw KafkaErrors.of(e, "reach coordinators of transactions", settings.servers());
    }
  }

  /**
   * Commits a transaction. A second time has no effect, and the same answer while its transactional
   * id has not been used again.
   *
   * @param counting whether the brokers count transactions by epochs
   * @throws io.fluxcore.application.connector.TransientSinkException if there is no answer now
   */
  Answer commit(PreparedTransaction transaction, boolean counting) {
    long begun = System.nanoTime();
    while (true) {
      Errors error = tryCommit(transaction, counting);
      switch (error) {
        case NONE -> {
          return Answer.COMMITTED;
        }
        case INVALID_TXN_STATE,
            INVALID_PRODUCER_EPOCH,
            PRODUCER_FENCED,
            INVALID_PRODUCER_ID_MAPPING,
            TRANSACTIONAL_ID_NOT_FOUND -> {
          return Answer.REFUSED;
        }
        default -> {
          if (!(error.exception() instanceof org.apache.kafka.common.errors.RetriableException)
              && error != Errors.CONCURRENT_TRANSACTIONS) {
            throw KafkaErrors.of(
                error.exception(), "commit transaction " + transaction.id(), settings.servers());
          }
          coordinators.remove(transaction.id());
          if (System.nanoTime() - begun > PATIENCE_NANOS
              || Thread.currentThread().isInterrupted()) {
            throw KafkaErrors.noAnswer(
                "cannot commit transaction "
                    + transaction.id()
                    + " at "
                    + settings.servers()
                    + " now: "
                    + error.message(),
                error.exception());
          }
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    }
  }

  private Errors tryCommit(PreparedTransaction transaction, boolean counting) {
    try {
      Node coordinator = coordinators.get(transaction.id());
      if (coordinator == null) {
        FindCoordinatorResponse found = find(transaction.id());
        Coordinator first = found.coordinators().get(0);
        if (first.errorCode() != Errors.NONE.code()) {
          return Errors.forCode(first.errorCode());
        }
        coordinator = new Node(first.nodeId(), first.host(), first.port());
        coordinators.put(transaction.id(), coordinator);
      }
      EndTxnRequestData request =
          new EndTxnRequestData()
              .setTransactionalId(transaction.id())
              .setProducerId(transaction.producerId())
              .setProducerEpoch(transaction.epoch())
              .setCommitted(true);
      EndTxnResponse answer =
          (EndTxnResponse) ask(coordinator, new EndTxnRequest.Builder(request, counting));
      return answer.error();
    } catch (IOException e) {
      return Errors.NETWORK_EXCEPTION;
    } catch (KafkaException e) {
      throw KafkaErrors.of(e, "commit transaction " + transaction.id(), settings.servers());
    }
  }

  private FindCoordinatorResponse find(String id) throws IOException {
    FindCoordinatorRequestData request =
        new FindCoordinatorRequestData()
            .setKeyType(CoordinatorType.TRANSACTION.id())
            .setCoordinatorKeys(List.of(id));
    IOException last = null;
    for (int i = 0; i < bootstrap.size(); i++) {
      InetSocketAddress address = bootstrap.get(i);
      try {
        return (FindCoordinatorResponse)
            ask(
                new Node(-1 - i, address.getHostString(), address.getPort()),
                new FindCoordinatorRequest.Builder(request.duplicate()));
      } catch (IOException e) {
        last = e;
      }
    }
    throw last == null ? new IOException("there are no brokers to ask") : last;
  }

  private AbstractResponse ask(Node node, AbstractRequest.Builder<?> request) throws IOException {
    KafkaClient asked = client;
    if (!NetworkClientUtils.awaitReady(asked, node, Time.SYSTEM, CONNECT_MILLIS)) {
      throw new IOException("no connection to " + node);
    }
    ClientResponse answer =
        NetworkClientUtils.sendAndReceive(
            asked,
            asked.newClientRequest(node.idString(), request, Time.SYSTEM.milliseconds(), true),
            Time.SYSTEM);
    return answer.responseBody();
  }

  @Override
  public void close() {
    client.close();
    metrics.close();
  }
}
