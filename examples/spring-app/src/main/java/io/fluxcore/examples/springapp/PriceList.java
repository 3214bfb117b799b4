package io.fluxcore.examples.springapp;

import java.math.BigDecimal;
import java.util.Map;
import org.springframework.stereotype.Component;

/** A bean like any other; thread-safe, because several subtasks may ask it. */
@Component
public class PriceList {
  private final Map<String, BigDecimal> prices;

  public PriceList(ShopProperties shop) {
    this.prices = Map.copyOf(shop.prices());
  }

  /** The price of so many pieces of a product. */
  public BigDecimal priceOf(String product, long pieces) {
    BigDecimal price = prices.get(product);
    if (price == null) {
      throw new IllegalArgumentException("there is no price for '" + product + "'");
    }
    return price.multiply(BigDecimal.valueOf(pieces));
  }
}
