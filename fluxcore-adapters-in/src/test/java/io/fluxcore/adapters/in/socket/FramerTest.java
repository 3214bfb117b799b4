package io.fluxcore.adapters.in.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.adapters.in.backlog.MessageProperties.Flaw;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FramerTest {
  private static final int MAX_BYTES = 100;

  private final List<String> found = new ArrayList<>();

  private void take(byte[] bytes, @Nullable Flaw flaw) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    found.add(flaw == null ? text : flaw.code() + " " + text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** In pieces of any size. */
  private void feed(Framer framer, byte[] all, Random random) throws InterruptedException {
    for (int at = 0; at < all.length; ) {
      int length = Math.min(all.length - at, random.nextInt(40));
      byte[] piece = new byte[length + 7];
      System.arraycopy(all, at, piece, 3, length);
      framer.take(piece, 3, 3 + length);
      at += length;
    }
  }

  private static byte[] framed(Framing framing, String record, Random random) {
    if (framing == Framing.LINES) {
      return bytes(record + (random.nextBoolean() ? "\n" : "\r\n"));
    }
    return ByteBuffer.allocate(4 + record.length())
        .putInt(record.length())
        .put(bytes(record))
        .array();
  }

  @ParameterizedTest
  @EnumSource(Framing.class)
  void records_areFound_howeverTheyComeInPieces(Framing framing) throws Exception {
    long seed = 20261130;
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      found.clear();
      List<String> expected = new ArrayList<>();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = random.nextInt(20); i > 0; i--) {
        int length = 1 + random.nextInt(random.nextInt(5) == 0 ? 3 * MAX_BYTES : 20);
        StringBuilder record = new StringBuilder();
        for (int j = 0; j < length; j++) {
          record.append((char) (' ' + 1 + random.nextInt(200)));
        }
        all.writeBytes(framed(framing, record.toString(), random));
        expected.add(length > MAX_BYTES ? "FLX-FORMAT-0002 " + record : record.toString());
      }
      Framer framer = framing.framer(MAX_BYTES, this::take);
      feed(framer, all.toByteArray(), random);
      framer.end(null);
      assertThat(found).as("seed " + seed + ", round " + round).isEqualTo(expected);
    }
  }

  @Test
  void linesOfExactlyTheLargestSize_areGood_withEitherEnd() throws Exception {
    String line = "x".repeat(MAX_BYTES);
    Framer framer = Framing.LINES.framer(MAX_BYTES, this::take);
    byte[] all = bytes(line + "\r\n" + line + "\n" + line + "y\n");
    framer.take(all, 0, MAX_BYTES + 1);
    framer.take(all, MAX_BYTES + 1, all.length);
    assertThat(found).containsExactly(line, line, "FLX-FORMAT-0002 " + line + "y");
  }

  @Test
  void emptyLines_areNone_andReturnsWithinALineStay() throws Exception {
    Framer framer = Framing.LINES.framer(MAX_BYTES, this::take);
    byte[] all = bytes("\n\r\n\na\rb\r\r\n\r\n\r");
    for (byte one : all) {
      framer.take(new byte[] {one}, 0, 1);
    }
    framer.end(null);
    assertThat(found).containsExactly("a\rb\r");
  }

  @Test
  void lastLineWithoutEnd_isOne_unlessTheConnectionHasBroken() throws Exception {
    Framer orderly = Framing.LINES.framer(MAX_BYTES, this::take);
    orderly.take(bytes("a\nb"), 0, 3);
    orderly.end(null);
    Framer broken = Framing.LINES.framer(MAX_BYTES, this::take);
    broken.take(bytes("c\nd"), 0, 3);
    broken.end("reset");
    Framer clean = Framing.LINES.framer(MAX_BYTES, this::take);
    clean.take(bytes("e\n"), 0, 2);
    clean.end("reset");
    assertThat(found).containsExactly("a", "b", "c", "FLX-SOCKET-0002 d", "e");
  }

  @Test
  void recordWithLength_thatIsNotWhole_isBad_howeverTheConnectionEnded() throws Exception {
    byte[] cut = {0, 0, 0, 3, 'a', 'b'};
    for (String why : new String[] {null, "reset"}) {
      for (int length = 1; length <= cut.length; length++) {
        found.clear();
        Framer framer = Framing.LENGTH.framer(MAX_BYTES, this::take);
        framer.take(cut, 0, length);
        framer.end(why);
        assertThat(found)
            .containsExactly("FLX-SOCKET-0002 " + "ab".substring(0, Math.max(0, length - 4)));
      }
    }
  }

  @Test
  void emptyRecordWithLength_isOne_andLengthsHaveNoSign() throws Exception {
    Framer framer = Framing.LENGTH.framer(MAX_BYTES, this::take);
    byte[] all = {0, 0, 0, 0, 0, 0, 0, 1, 'x', -1, -1, -1, -1, 'h', 'u', 'g', 'e'};
    framer.take(all, 0, all.length);
    framer.end("reset");
    assertThat(found).containsExactly("", "x", "FLX-SOCKET-0002 huge");
  }

  /** A length of two gigabytes needs no memory of two gigabytes. */
  @Test
  void recordThatIsLongerThanAllMemory_isReadPast() throws Exception {
    Framer framer = Framing.LENGTH.framer(MAX_BYTES, this::take);
    long length = 3L << 30;
    framer.take(ByteBuffer.allocate(4).putInt((int) length).array(), 0, 4);
    byte[] piece = new byte[16 << 20];
    for (long sent = 0; sent < length; sent += piece.length) {
      framer.take(piece, 0, piece.length);
    }
    framer.take(new byte[] {0, 0, 0, 1, 'n'}, 0, 5);
    assertThat(found).hasSize(2);
    assertThat(found.get(0))
        .startsWith("FLX-FORMAT-0002")
        .hasSize("FLX-FORMAT-0002 ".length() + 4096);
    assertThat(found.get(1)).isEqualTo("n");
  }
}
