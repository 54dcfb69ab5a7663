// The sentences of error answers in the languages of an account. Jira translates them, so a client that reads
// them breaks for half of the world. Numbers in braces are replaced by the arguments, in order.

export type Language = 'en' | 'de' | 'fr';

const texts = {
  issueGone: {
    en: 'Issue does not exist or you do not have permission to see it.',
    de: 'Der Vorgang ist nicht vorhanden, oder Sie haben nicht die Berechtigung, ihn anzuzeigen.',
    fr: "Le ticket n'existe pas ou vous n'avez pas l'autorisation de le voir.",
  },
  projectGone: {
    en: "No project could be found with key '{0}'.",
    de: "Es wurde kein Projekt mit dem Schlüssel '{0}' gefunden.",
    fr: "Aucun projet n'a été trouvé avec la clé « {0} ».",
  },
  commentGone: {
    en: 'Can not find a comment for the id: {0}.',
    de: 'Es wurde kein Kommentar mit der ID {0} gefunden.',
    fr: "Impossible de trouver un commentaire pour l'ID : {0}.",
  },
  userGone: {
    en: "The user with account id '{0}' does not exist",
    de: "Der Benutzer mit der Konto-ID '{0}' ist nicht vorhanden",
    fr: "L'utilisateur avec l'ID de compte « {0} » n'existe pas",
  },
  linkTypeGone: {
    en: "No issue link type with name '{0}' found.",
    de: "Es wurde kein Vorgangsverknüpfungstyp namens '{0}' gefunden.",
    fr: 'Aucun type de lien de ticket nommé « {0} » trouvé.',
  },
  login: {
    en: 'Client must be authenticated to access this resource.',
    de: 'Der Client muss authentifiziert sein, um auf diese Ressource zuzugreifen.',
    fr: 'Le client doit être authentifié pour accéder à cette ressource.',
  },
  captcha: {
    en: 'CAPTCHA_CHALLENGE; login-url=/login.jsp',
    de: 'CAPTCHA_CHALLENGE; login-url=/login.jsp',
    fr: 'CAPTCHA_CHALLENGE; login-url=/login.jsp',
  },
  forbidden: {
    en: 'You do not have the permission to do that for this issue.',
    de: 'Sie haben nicht die Berechtigung, dies für diesen Vorgang zu tun.',
    fr: "Vous n'avez pas l'autorisation de faire cela pour ce ticket.",
  },
  invalidBody: {
    en: 'Invalid request payload. Refer to the REST API documentation and try again.',
    de: 'Ungültige Anforderungsnutzlast. Lesen Sie die REST-API-Dokumentation und versuchen Sie es erneut.',
    fr: "Charge utile de requête non valide. Consultez la documentation de l'API REST et réessayez.",
  },
  invalidParameter: {
    en: 'Invalid request parameter: {0}',
    de: 'Ungültiger Anforderungsparameter: {0}',
    fr: 'Paramètre de requête non valide : {0}',
  },
  commentBody: {
    en: 'Comment body is not valid!',
    de: 'Der Kommentartext ist ungültig!',
    fr: "Le corps du commentaire n'est pas valide !",
  },
  tooLong: {
    en: 'The entered text is too long. It exceeds the allowed limit of {0} characters.',
    de: 'Der eingegebene Text ist zu lang. Er überschreitet das zulässige Limit von {0} Zeichen.',
    fr: 'Le texte saisi est trop long. Il dépasse la limite autorisée de {0} caractères.',
  },
  notDocument: {
    en: 'Operation value must be an Atlassian Document (see the Atlassian Document Format)',
    de: 'Der Wert muss ein Atlassian-Dokument sein (siehe Atlassian Document Format)',
    fr: 'La valeur doit être un document Atlassian (voir Atlassian Document Format)',
  },
  notOnScreen: {
    en: "Field '{0}' cannot be set. It is not on the appropriate screen, or unknown.",
    de: "Das Feld '{0}' kann nicht festgelegt werden. Es ist nicht auf der entsprechenden Maske oder unbekannt.",
    fr: "Le champ « {0} » ne peut pas être défini. Il n'est pas dans l'écran approprié ou est inconnu.",
  },
  required: { en: '{0} is required.', de: '{0} ist erforderlich.', fr: '{0} est obligatoire.' },
  fieldTwice: {
    en: "Field '{0}' cannot be in both 'fields' and 'update'.",
    de: "Das Feld '{0}' darf nicht gleichzeitig in 'fields' und 'update' stehen.",
    fr: 'Le champ « {0} » ne peut pas être à la fois dans « fields » et « update ».',
  },
  badValue: {
    en: "Specify a valid value for '{0}'",
    de: "Geben Sie einen gültigen Wert für '{0}' an",
    fr: 'Indiquez une valeur valide pour « {0} »',
  },
  labelSpaces: {
    en: "The label '{0}' contains spaces which is invalid.",
    de: "Das Stichwort '{0}' enthält Leerzeichen, was ungültig ist.",
    fr: "L'étiquette « {0} » contient des espaces, ce qui n'est pas valide.",
  },
  noTransition: {
    en: "Transition id '{0}' is not valid for this issue.",
    de: "Die Übergangs-ID '{0}' ist für diesen Vorgang nicht gültig.",
    fr: "L'ID de transition « {0} » n'est pas valide pour ce ticket.",
  },
  unbounded: {
    en: 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.',
    de: 'Unbegrenzte JQL-Abfragen sind hier nicht zulässig. Fügen Sie Ihrer Abfrage eine Einschränkung hinzu.',
    fr: 'Les requêtes JQL illimitées ne sont pas autorisées ici. Ajoutez une restriction à votre requête.',
  },
  tooManyOrders: {
    en: 'The ORDER BY clause has {0} fields; at most {1} are allowed.',
    de: 'Die ORDER BY-Klausel hat {0} Felder; höchstens {1} sind zulässig.',
    fr: 'La clause ORDER BY comporte {0} champs ; {1} au maximum sont autorisés.',
  },
  badToken: {
    en: 'The provided next page token is invalid or has expired.',
    de: 'Das angegebene Token für die nächste Seite ist ungültig oder abgelaufen.',
    fr: 'Le jeton de page suivante fourni est non valide ou a expiré.',
  },
  jqlSyntax: {
    en: 'Error in the JQL Query: {0} (line {1}, character {2})',
    de: 'Fehler in der JQL-Abfrage: {0} (Zeile {1}, Zeichen {2})',
    fr: 'Erreur dans la requête JQL : {0} (ligne {1}, caractère {2})',
  },
  jqlReserved: {
    en: "'{0}' is a reserved JQL word. You must surround it in quotation marks to use it in a query.",
    de: "'{0}' ist ein reserviertes JQL-Wort. Sie müssen es in Anführungszeichen setzen.",
    fr: "« {0} » est un mot réservé JQL. Vous devez l'entourer de guillemets pour l'utiliser.",
  },
  jqlReservedCharacter: {
    en: "The character '{0}' is a reserved JQL character. You must enclose it in a string or escape it.",
    de: "Das Zeichen '{0}' ist ein reserviertes JQL-Zeichen. Es muss in einer Zeichenfolge stehen.",
    fr: 'Le caractère « {0} » est un caractère réservé JQL. Il doit être placé dans une chaîne.',
  },
  jqlEscape: {
    en: "'{0}' is an illegal JQL escape sequence.",
    de: "'{0}' ist keine gültige JQL-Escape-Sequenz.",
    fr: "« {0} » n'est pas une séquence d'échappement JQL valide.",
  },
  jqlControl: {
    en: "The character '{0}' is illegal in JQL: write it as an escape sequence.",
    de: "Das Zeichen '{0}' ist in JQL unzulässig: Schreiben Sie es als Escape-Sequenz.",
    fr: "Le caractère « {0} » est interdit en JQL : écrivez-le comme séquence d'échappement.",
  },
  jqlOpenString: {
    en: 'The quoted string has not been completed.',
    de: 'Die Zeichenfolge in Anführungszeichen wurde nicht abgeschlossen.',
    fr: "La chaîne entre guillemets n'est pas terminée.",
  },
  jqlExpected: {
    en: "Expecting {0} but got '{1}'.",
    de: "{0} erwartet, aber '{1}' erhalten.",
    fr: '{0} attendu, mais « {1} » trouvé.',
  },
  jqlNoField: {
    en: "Field '{0}' does not exist or you do not have permission to view it.",
    de: "Das Feld '{0}' ist nicht vorhanden, oder Sie haben nicht die Berechtigung, es anzuzeigen.",
    fr: "Le champ « {0} » n'existe pas ou vous n'avez pas l'autorisation de le voir.",
  },
  jqlNoValue: {
    en: "The value '{0}' does not exist for the field '{1}'.",
    de: "Der Wert '{0}' ist für das Feld '{1}' nicht vorhanden.",
    fr: "La valeur « {0} » n'existe pas pour le champ « {1} ».",
  },
  jqlNoIssue: {
    en: "An issue with key '{0}' does not exist for field '{1}'.",
    de: "Es gibt keinen Vorgang mit dem Schlüssel '{0}' für das Feld '{1}'.",
    fr: "Aucun ticket avec la clé « {0} » n'existe pour le champ « {1} ».",
  },
  jqlOperator: {
    en: "The operator '{0}' is not supported by the '{1}' field.",
    de: "Der Operator '{0}' wird vom Feld '{1}' nicht unterstützt.",
    fr: "L'opérateur « {0} » n'est pas pris en charge par le champ « {1} ».",
  },
  jqlDate: {
    en: "Date value '{0}' for field '{1}' is invalid.",
    de: "Der Datumswert '{0}' für das Feld '{1}' ist ungültig.",
    fr: "La valeur de date « {0} » pour le champ « {1} » n'est pas valide.",
  },
  jqlFunction: {
    en: "Unable to find JQL function '{0}'.",
    de: "Die JQL-Funktion '{0}' wurde nicht gefunden.",
    fr: 'Impossible de trouver la fonction JQL « {0} ».',
  },
  jqlNoOrder: {
    en: "Field '{0}' does not support sorting.",
    de: "Das Feld '{0}' unterstützt keine Sortierung.",
    fr: 'Le champ « {0} » ne prend pas en charge le tri.',
  },
  oldSearch: {
    en: 'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.',
    de: 'Die angeforderte API wurde entfernt. Verwenden Sie die API /rest/api/3/search/jql.',
    fr: "L'API demandée a été supprimée. Utilisez l'API /rest/api/3/search/jql.",
  },
  rateLimited: {
    en: 'Rate limit exceeded.',
    de: 'Ratenbegrenzung überschritten.',
    fr: 'Limite de débit dépassée.',
  },
} as const satisfies Record<string, Record<Language, string>>;

export type MessageName = keyof typeof texts;

/** A sentence that is not in a language yet. */
export interface Message {
  readonly name: MessageName;
  readonly values: readonly (string | number | Message)[];
}

export function message(name: MessageName, ...values: readonly (string | number | Message)[]): Message {
  return { name, values };
}

export function say({ name, values }: Message, language: Language): string {
  return texts[name][language].replace(/\{(\d)\}/g, (_, index: string) => {
    const value = values[Number(index)];
    return typeof value === 'object' ? say(value, language) : String(value ?? '');
  });
}
