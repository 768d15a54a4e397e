import { graphql } from "relay-runtime";

graphql`
  query TeamQuery($first: Int!) {
    ...Team_page @arguments(first: $first)
  }
`;

graphql`
  fragment Team_page on Query
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "Cursor" })
  @refetchable(queryName: "TeamPageQuery") {
    reps(first: $first, after: $after) @connection(key: "Team_reps") {
      edges {
        node {
          id
          ...Team_rep
        }
      }
    }
  }
`;

graphql`
  fragment Team_rep on Rep @refetchable(queryName: "TeamRepQuery") {
    name
    manager {
      name
    }
  }
`;
