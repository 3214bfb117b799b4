package io.fluxcore.adapters.in.udp;

import io.fluxcore.adapters.in.backlog.ListeningAddress;

/**
 * Where datagrams come to.
 *
 * @param receiveBufferBytes that the system is asked to keep for the source
 */
record UdpSettings(ListeningAddress address, int receiveBufferBytes) {
  /** For messages to people. */
  @Override
  public String toString() {
    return "udp " + address;
  }
}
