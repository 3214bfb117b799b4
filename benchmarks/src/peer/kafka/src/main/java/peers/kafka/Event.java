package peers.kafka;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.nio.charset.StandardCharsets;

/** What the query needs of an event; the rest of its message is skipped. */
@JsonIgnoreProperties(ignoreUnknown = true)
public final class Event {
  static final ObjectReader READER = new ObjectMapper().readerFor(Event.class);

  public String user;
  public int status;
  public long at;

  public Event() {}

  static byte[] result(String user, long windowEnd, long n) {
    return ("{\"user\":\"" + user + "\",\"window_end\":" + windowEnd + ",\"n\":" + n + "}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
