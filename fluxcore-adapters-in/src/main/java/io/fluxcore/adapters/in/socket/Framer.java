package io.fluxcore.adapters.in.socket;

import io.fluxcore.adapters.in.backlog.MessageProperties.Flaw;
import org.jspecify.annotations.Nullable;

/** Finds records in the bytes of one connection, however they come in pieces. Not thread-safe. */
abstract class Framer {
  private static final String TOO_LARGE = "FLX-FORMAT-0002";
  private static final String CUT_OFF = "FLX-SOCKET-0002";

  final Receiver receiver;
  final Partial partial;

  /** Takes records. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Takes a record.
     *
     * @param bytes of it, or its first ones if something is wrong with it
     * @param flaw what is wrong; null: nothing
     * @throws InterruptedException if no more are wanted
     */
    void take(byte[] bytes, @Nullable Flaw flaw) throws InterruptedException;
  }

  Framer(int maxRecordBytes, Receiver receiver) {
    this.receiver = receiver;
    this.partial = new Partial(maxRecordBytes);
  }

  /** Takes bytes, which lie in an array that is used again. */
  abstract void take(byte[] bytes, int from, int to) throws InterruptedException;

  /**
   * No more bytes come.
   *
   * @param why the connection has broken; null: the other side has ended it as one does
   */
  abstract void end(@Nullable String why) throws InterruptedException;

  /** Hands over what was begun, which is whole. */
  final void finish() throws InterruptedException {
    long length = partial.length();
    Flaw flaw =
        partial.isTooLong()
            ? new Flaw(
                TOO_LARGE,
                "the record has "
                    + length
                    + " bytes, more than the "
                    + partial.maxBytes()
                    + " of maxRecordBytes; its first "
                    + partial.kept()
                    + " are kept")
            : null;
    receiver.take(partial.take(), flaw);
  }

  /** Hands over what was begun and is not whole. */
  final void cutOff(String expected, String why) throws InterruptedException {
    long length = partial.length();
    receiver.take(
        partial.take(),
        new Flaw(
            CUT_OFF,
            "the connection has ended within a record, after "
                + length
                + " bytes of "
                + expected
                + ": "
                + why));
  }
}
