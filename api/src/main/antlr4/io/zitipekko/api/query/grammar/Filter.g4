/*
 * The filter language of list requests (protocol/06 section 2.2).
 *
 * "and" and "or" have no precedence: the right operand of each, and the operand of "not", is everything that follows up to the closing
 * parenthesis. The chain is therefore parsed flat and bracketed from the right by whoever reads the tree.
 */
grammar Filter;

options { caseInsensitive = true; }

filter : WS? query? WS? EOF ;

ordering : WS? sortField (WS? COMMA WS? sortField)* WS? EOF ;

query
    : expression (WS sortBy)? (WS skip)? (WS limit)?
    | sortBy (WS skip)? (WS limit)?
    | skip (WS limit)?
    | limit
    ;

sortBy : SORT WS BY WS sortField (WS? COMMA WS? sortField)* ;
sortField : IDENT (WS (ASC | DESC))? ;
skip : SKIP_ROWS WS NUMBER ;
limit : LIMIT WS (NUMBER | NONE) ;

expression : item (WS junction WS item)* ;
junction : AND | OR ;
item : (NOT WS)* primary ;

primary
    : BOOL                                                                     # constant
    | LPAREN WS? expression WS? RPAREN                                         # group
    | ISEMPTY WS? LPAREN WS? setExpression WS? RPAREN                          # emptiness
    | lhs WS (NOT WS)? IN WS? LBRACKET WS? literal (WS? COMMA WS? literal)* WS? RBRACKET   # membership
    | lhs WS (NOT WS)? BETWEEN WS literal WS AND WS literal                    # range
    | lhs WS (NOT WS)? CONTAINS WS literal                                     # containment
    | lhs WS (NOT WS)? ICONTAINS WS literal                                    # foldedContainment
    | lhs WS? comparator WS? (literal | BOOL | NULL)                           # comparison
    | IDENT                                                                    # flag
    ;

comparator : LT | LE | GT | GE | EQ | NE ;

lhs
    : IDENT                                        # scalar
    | ALLOF WS? LPAREN WS? IDENT WS? RPAREN        # everyMember
    | ANYOF WS? LPAREN WS? IDENT WS? RPAREN        # someMember
    | COUNT WS? LPAREN WS? setExpression WS? RPAREN   # size
    ;

setExpression
    : IDENT                              # namedSet
    | FROM WS IDENT WS WHERE WS query    # filteredSet
    ;

literal : STRING | NUMBER | DATETIME ;

WS : [ \t\r\n]+ ;
LPAREN : '(' ;
RPAREN : ')' ;
LBRACKET : '[' ;
RBRACKET : ']' ;
COMMA : ',' ;
LE : '<=' ;
LT : '<' ;
GE : '>=' ;
GT : '>' ;
NE : '!=' ;
EQ : '=' ;

AND : 'and' ;
OR : 'or' ;
NOT : 'not' ;
IN : 'in' ;
BETWEEN : 'between' ;
CONTAINS : 'contains' ;
ICONTAINS : 'icontains' ;
BOOL : 'true' | 'false' ;
NULL : 'null' ;
ALLOF : 'allOf' ;
ANYOF : 'anyOf' ;
COUNT : 'count' ;
ISEMPTY : 'isEmpty' ;
FROM : 'from' ;
WHERE : 'where' ;
SORT : 'sort' ;
BY : 'by' ;
ASC : 'asc' ;
DESC : 'desc' ;
SKIP_ROWS : 'skip' ;
LIMIT : 'limit' ;
NONE : 'none' ;

DATETIME options { caseInsensitive = false; } : 'datetime(' ~[()]* ')' ;
STRING : '"' (~["\\\u0000-\u001F] | '\\' ["\\fnrt])* '"' ;
NUMBER : '-'? ('0' | [1-9] [0-9]*) ('.' [0-9]+)? ('e' [+-]? [0-9]+)? ;
IDENT : NAME | '\'' NAME '\'' ;

fragment NAME : [a-z] [a-z_]* ('.' [a-z] [a-z_-]*)* ;
