package io.fluxcore.adapters.out.s3;

import io.fluxcore.application.checkpoint.kit.S3Server;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.kit.SinkFaultsContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Faults of the store, with commits and without. */
final class S3SinkFaultsIT {
  private static S3Server server;

  @BeforeAll
  static void start() {
    server = S3Server.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private abstract static class Faults extends SinkFaultsContract {
    private final SinkObjects objects = new SinkObjects(server.endpoint());

    @Override
    protected SinkConnector connector() {
      return new S3SinkConnector();
    }

    @Override
    protected Map<String, Object> options() {
      Map<String, Object> options = objects.options();
      options.put("requestTimeout", "1s");
      return options;
    }

    @Override
    protected List<Long> visibleIds() {
      return objects.ids(SCHEMA);
    }

    @Override
    protected void killServer() {
      server.kill();
    }

    @Override
    protected void restartServer() {
      server.restart();
    }

    @Override
    protected void pauseServer() {
      server.pause();
    }

    @Override
    protected void resumeServer() {
      server.resume();
    }

    @Override
    protected Map<String, Object> wrongPassword() {
      Map<String, Object> options = options();
      options.put("secretKey", "wrong");
      return options;
    }

    @Override
    protected Map<String, Object> missing() {
      Map<String, Object> options = options();
      options.put("bucket", "no-such-bucket");
      return options;
    }
  }

  @Nested
  class WithCommits extends Faults {}

  @Nested
  class AtOnce extends Faults {
    @Override
    protected boolean commits() {
      return false;
    }
  }
}
