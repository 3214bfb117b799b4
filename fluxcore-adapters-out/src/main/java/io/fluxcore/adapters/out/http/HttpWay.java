package io.fluxcore.adapters.out.http;

import java.io.IOException;

/** By what a request reaches its server. Of one writer. */
interface HttpWay extends AutoCloseable {
  HttpAnswer exchange(HttpCall call) throws IOException, InterruptedException;

  @Override
  void close();
}
