package io.zitipekko.api.query;

import io.zitipekko.api.query.grammar.FilterLexer;
import io.zitipekko.api.query.grammar.FilterParser;
import java.util.List;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.jspecify.annotations.Nullable;

/** Reads filter and sort texts. Length and nesting are bounded before anything recursive looks at them. Thread-safe. */
public final class QueryParser {
    private static final int MAX_LENGTH = 16 << 10;
    private static final int MAX_TOKENS = 4000;
    private static final int MAX_NESTING = 50;

    private QueryParser() {}

    /**
     * @param filter empty matches everything
     * @param sort used only when the filter has no {@code sort by}; empty for none
     * @throws InvalidQueryException says which part is wrong and why
     */
    public static <E> Query<E> parse(SymbolTable<E> table, String filter, String sort) {
        QueryCompiler<E> compiler = new QueryCompiler<>(table);
        Query<E> query = filter.isBlank()
                ? Query.all()
                : compiler.compile(parser(filter, InvalidQueryException.Part.FILTER)
                        .filter()
                        .query());
        if (!query.order().isEmpty() || sort.isBlank()) {
            return query;
        }
        List<FilterParser.SortFieldContext> fields =
                parser(sort, InvalidQueryException.Part.SORT).ordering().sortField();
        return query.orderedBy(compiler.order(fields));
    }

    private static FilterParser parser(String text, InvalidQueryException.Part part) {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidQueryException(part, text.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        Refusing refusing = new Refusing(part);
        FilterLexer lexer = new FilterLexer(CharStreams.fromString(text));
        lexer.removeErrorListeners();
        lexer.addErrorListener(refusing);
        CommonTokenStream tokens = new CommonTokenStream(lexer);
        tokens.fill();
        checkShape(tokens.getTokens(), part);
        FilterParser parser = new FilterParser(tokens);
        parser.removeErrorListeners();
        parser.addErrorListener(refusing);
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        return parser;
    }

    private static void checkShape(List<Token> tokens, InvalidQueryException.Part part) {
        if (tokens.size() > MAX_TOKENS) {
            throw new InvalidQueryException(part, tokens.size() + " words (expected: at most " + MAX_TOKENS + ")");
        }
        int depth = 0;
        for (Token token : tokens) {
            if (token.getType() == FilterLexer.LPAREN && ++depth > MAX_NESTING) {
                throw new InvalidQueryException(part, "nested more than " + MAX_NESTING + " deep");
            }
            if (token.getType() == FilterLexer.RPAREN) {
                depth--;
            }
        }
    }

    /** Turns the first error into the answer; nothing is skipped or guessed. */
    private static final class Refusing extends BaseErrorListener {
        private final InvalidQueryException.Part part;

        Refusing(InvalidQueryException.Part part) {
            this.part = part;
        }

        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                @Nullable Object symbol,
                int line,
                int column,
                String message,
                @Nullable RecognitionException cause) {
            throw new InvalidQueryException(part, "at character " + column + ": " + message);
        }
    }
}
