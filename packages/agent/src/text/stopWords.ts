/**
 * Words that say nothing about the matter, folded (see `fold`), per language. Short on purpose: a word that can name a
 * matter in some shop ("order", "open", "card") is not here.
 */
const lists: Readonly<Record<string, string>> = {
  en: `a about after again all also am an and any are aren't as at be because been before being but by can can't cannot
    could couldn't did didn't do does doesn't doing don't each for from get gets getting got had has have haven't having
    he her here hers him his how i i'd i'll i'm i've if in into is isn't it it's its just let me more most my myself no
    nor not of off on once only or other our out over own please same she should so some such than that that's the their
    them then there these they this those through to too under until up us very was wasn't we were what what's when
    where which while who whom why will with won't would wouldn't yes you your yours hi hello hey dear thanks thank
    know want wanted need needs help like really tell someone something anything anyone everything wondering possible
    able may might must shall im ive dont cant doesnt isnt via per hasn't haven't hadn't weren't shouldn't hasnt havent hadnt above below between
    within during across along near instead    wasnt werent arent didnt wont wouldnt couldnt shouldnt there's that's who's what's where's he's she's let's we've
    we're we'd we'll you've you're you'd they're they've`,
  de: `aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus bei bin
    bis bist bitte da damit dann das dass dein deine dem den denn der des dessen dich die dies diese diesem diesen dieser
    dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer eure fur gegen gibt hab habe
    haben hat hatte hatten hallo hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem
    jeden jeder jedes jetzt kann kannst konnen konnte kein keine keinen man mein meine meinem meinen meiner meines mich
    mir mit mochte muss mussen nach nein nicht noch nun nur ob oder ohne sehr sein seine sich sie sind so soll sollte
    sonst und uns unser unsere unter vom von vor war waren warum was weil welche welchem welchen welcher welches wenn wer
    werde werden wie wieder will wir wird wo wurde wurden zu zum zur danke guten tag liebe lieber freundlichen grusse
    gerne geht mal bekomme bekommen eigentlich`,
  es: `a al algo algun alguna algunas alguno algunos ante antes como con cual cuales cuando cuanto de del desde donde dos
    e el ella ellas ellos en entre era eres es esa esas ese eso esos esta estan estar estas este esto estos estoy fue
    ha haber habia hace han has hasta hay he hola la las le les lo los mas me mi mia mio mis mucho muy nada ni no nos
    nosotros o os otra otro para pero poco por porque que quien quiero se sea ser si sin sobre son soy su sus tambien
    te tengo ti tiene tienen todo todos tu tus un una unas uno unos usted y ya yo gracias favor buenos dias buenas puedo
    puede podria necesito saber`,
  fr: `a ai alors au aucun aussi autre aux avec avez avoir bonjour c ca car ce cela ces cet cette ceux chez comme comment
    d dans de des deux dois doit donc du elle elles en est et etait ete etes etre eu fait faire faut il ils j je l la le
    les leur leurs lui m ma mais me merci mes moi mon n ne ni nos notre nous on ont ou par pas peut peux plus pour
    pourquoi pouvez qu quand que quel quelle quelles quels qui quoi s sa salut sans se ses si sont sous sur suis t ta te
    tes toi ton tous tout tres tu un une vos votre vous veux voudrais y plait svp`,
  it: `a ad ai al alla alle agli anche avere c che chi ci ciao col come con cosa cui d da dal dalla dei del dell della
    delle dello di dove e ed era essere fa ho i il in io l la le lei lo loro lui ma mi mia mie miei mio ne nel nella non
    noi o per perche piu po posso puo quale quali quando quanto quella quelle quelli quello questa queste questi questo
    sono se senza si sia sta su sua sue sui sul sulla suo tra tu tua tuo un una uno vi voi vorrei grazie buongiorno salve
    favore`,
  pt: `a ao aos as ate boa bom como com da das de dela dele dia do dos e ela ele eles em entre era essa esse esta estao
    estar este estou eu foi ha isso isto ja la lhe mais mas me mesmo meu meus minha minhas muito na nao nas nem no nos o
    ola onde os ou para pela pelo por porque posso pode preciso qual quando que quem quero se sem ser seu seus sim sobre
    sou sua suas tambem te tem tenho ter tu um uma voce voces obrigado obrigada favor gostaria`,
  nl: `aan al alle als altijd ander andere ben bij dan dat de der deze die dit doe doen door dus een en er ge geen graag
    had hallo heb hebben heeft hem het hier hij hoe hun ik in is ja je jij jullie kan kon kunnen maar me mee meer men met
    mij mijn moet na naar niet niets nog nu of om omdat ons onze ook op over te tegen toch toen tot u uit uw van veel
    voor waar waarom wanneer want waren was wat we wel welke werd wie wij wil worden wordt zal ze zelf zich zij zijn zo
    zonder zou alstublieft bedankt dank`,
  sv: `alla allt att av blev bli blir da de dem den denna deras dess dessa det detta dig din dina ditt du dar efter ej
    eller en er ett fran for ha had hade han har hej hela hon hos hur har i icke ingen inte ja jag kan kunde man med mellan
    men mig min mina mitt mot mycket nar ni nu och om oss pa sa sadan samma sedan sig sin sina ska skulle som till tack
    under upp ut utan vad var vara vem vi vid vilken vill`,
  da: `af alle alt anden at blev bliver da de dem den denne der deres det dette dig din disse dog du efter eller en end er
    et for fra ham han hans har havde have hej hende her hos hun hvad hvis hvor hvordan i ikke ind jeg jer jo kan kunne
    man mange med meget men mig min mit mod nar ned noget nogle nu og ogsa om op os over pa sa selv sig sin skal skulle
    som sadan tak til ud under var ved vi vil ville vores`,
  nb: `alle at av bare ble bli blir da de dem den denne der deres det dette dine din du eller en er et etter for fra ha
    hadde han har hei hun hva hvis hvor hvordan hvorfor i ikke ingen jeg kan kom kunne man med meg men mer min mitt mot
    mye na nar noe noen og oss over pa sa seg selv sin skal som takk til ut var vart ved vi vil ville`,
  pl: `a aby albo ale ani az bardzo bez bo by byc byl byla bylo ci co czy dla do dzien dobry gdy gdzie go i ich im ja jak
    jako je jego jej jest jestem juz kiedy kto ktory ktora ktore lub ma mam mi mnie moj moja moje moze mozna moge my na
    nad nam nas nie nim o od on ona one oni po pod przed przez przy prosze sa sie skad ta tak tam te tego tej ten to tu
    tylko w we wiec z za ze dziekuje chce chcialbym`,
  tr: `acaba ama ancak bana bazi ben beni benim bir biraz biz bu bunu cok cunku da daha de defa diye en gibi hem hep her
    hic icin ile ise ki kim lutfen mi mu mı nasil ne neden nerede o olan olarak oldu onlar onu sen siz su tesekkurler
    tum var ve veya ya yani yok merhaba istiyorum`,
  ru: `а без бы был была были было быть в вам вас весь во вот все всё всего вы где да даже для до его ее если есть еще же
    за здесь здравствуйте и из или им их к как какой ко когда который кто ли либо мне может можно мой моя мы на над надо
    нам нас не него нет ни но ну о об он она они оно от по под пожалуйста после почему при про с сам свой себя сейчас со
    спасибо так также такой там те тем то того тоже только том ты у уже хочу чего чем что чтобы эта это этот я`,
  ar: `في من على الي الى عن مع هذا هذه ذلك التي الذي ما ماذا لا لم لن هل كيف متي متى اين أين انا نحن هو هي كان كانت قد ان
    او و ثم لكن كل بعد قبل عند لي لك له لها اريد مرحبا شكرا فضلك`,
  vi: `la va cua co cho khong toi ban nay mot cac nhung duoc trong voi den tu khi thi ma o lam nao gi sao xin chao cam on`,
}

const cutUp = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/))
const byLanguage: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(lists).map(([language, list]) => [language, cutUp(list)]),
)
const none: ReadonlySet<string> = new Set()

/** The stop words of a language, folded; empty where we keep no list. */
export const stopWordsOf = (language: string): ReadonlySet<string> => byLanguage.get(language) ?? none
