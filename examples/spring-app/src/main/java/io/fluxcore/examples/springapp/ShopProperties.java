package io.fluxcore.examples.springapp;

import java.math.BigDecimal;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The shop.
 *
 * @param rate Orders per second; 0 is as fast as possible.
 * @param orders Orders after which the shop closes; 0 is never.
 * @param prices Price of each product.
 */
@ConfigurationProperties("shop")
public record ShopProperties(
    @DefaultValue("100") long rate,
    @DefaultValue("0") long orders,
    Map<String, BigDecimal> prices) {}
