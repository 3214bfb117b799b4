package io.fluxcore.domain.key;

/**
 * The key groups that a subtask owns.
 *
 * @param first inclusive
 * @param last inclusive; {@code first - 1} when the range is empty
 */
public record KeyGroupRange(int first, int last) {
  public KeyGroupRange {
    if (first < 0 || last < first - 1) {
      throw new IllegalArgumentException("key groups " + first + ".." + last);
    }
  }

  public boolean contains(int keyGroup) {
    return keyGroup >= first && keyGroup <= last;
  }

  public int size() {
    return last - first + 1;
  }

  @Override
  public String toString() {
    return first + ".." + last;
  }
}
