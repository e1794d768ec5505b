package shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers /orders from a pool of connections, and fails at /broken. */
@SpringBootApplication
@RestController
public class Orders {
    private final JdbcTemplate database;

    Orders(JdbcTemplate database) {
        this.database = database;
    }

    @GetMapping("/orders")
    Integer orders() {
        return database.queryForObject("select 1", Integer.class);
    }

    @GetMapping("/broken")
    String broken() {
        throw new IllegalStateException("broken");
    }

    public static void main(String[] arguments) {
        SpringApplication.run(Orders.class, arguments);
    }
}
